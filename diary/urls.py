from django.urls import path

from diary import views
from diary.lesson.views import lesson
from diary.programme import import_views as programme_imports
from diary.programme import topic_views as topics
from diary.programme import views as programmes

app_name = "diary"

urlpatterns = [
    path("home/", views.home, name="home"),
    path("home/<int:student_pk>/", views.home, name="home-of-child"),
    path("diary/", views.diary, name="diary"),
    path("diary/<int:student_pk>/", views.week, name="week-now"),
    path("diary/<int:student_pk>/<monday:monday>/", views.week, name="week"),
    path("lessons/", views.teacher_day, name="teacher-today"),
    path("lessons/on/<date:day>/", views.teacher_day, name="teacher-day"),
    path("lessons/<int:pk>/", lesson, name="lesson"),
    path("programmes/", programmes.programmes, name="programmes"),
    path("programmes/template/", programmes.programme_template, name="programme-template"),
    path("programmes/<int:course_pk>/", programmes.programme, name="programme"),
    path("programmes/<int:course_pk>/export/", programmes.programme_export, name="programme-export"),
    path("programmes/<int:course_pk>/plan/", programmes.programme_plan, name="programme-plan"),
    path("programmes/<int:course_pk>/start/", programmes.programme_start, name="programme-start"),
    path("programmes/<int:course_pk>/copy/", programmes.programme_copy, name="programme-copy"),
    path("programmes/<int:course_pk>/copies/", programmes.programme_copies, name="programme-copies"),
    path(
        "programmes/<int:course_pk>/submission/", programmes.programme_submission, name="programme-submission"
    ),
    path("programmes/<int:course_pk>/approval/", programmes.programme_approval, name="programme-approval"),
    path("programmes/<int:course_pk>/return/", programmes.programme_return, name="programme-return"),
    path("programmes/<int:course_pk>/import/", programme_imports.programme_import, name="programme-import"),
    path(
        "programmes/<int:course_pk>/import/confirmation/",
        programme_imports.programme_import_confirmation,
        name="programme-import-confirmation",
    ),
    path("programmes/<int:course_pk>/topics/new/", topics.topic_new, name="topic-new"),
    path("programmes/<int:course_pk>/topics/<int:pk>/", topics.topic, name="topic"),
    path("programmes/<int:course_pk>/topics/<int:pk>/place/", topics.topic_place, name="topic-place"),
    path(
        "programmes/<int:course_pk>/topics/<int:pk>/deletion/", topics.topic_deletion, name="topic-deletion"
    ),
]
