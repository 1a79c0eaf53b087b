from django.urls import path

from diary import views
from diary.excuses.views import absence_period, absence_reasons, class_absences
from diary.lesson.views import lesson
from diary.owed.views import course_points, point, point_new, point_withdrawal
from diary.phrases.views import phrase_removal, phrases
from diary.planning.views import class_tests, work, work_new, work_removal
from diary.scales.views import course_scale

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
    path("lessons/<int:pk>/points/new/", point_new, name="point-new"),
    path("points/<int:pk>/", point, name="point"),
    path("points/<int:pk>/withdrawal/", point_withdrawal, name="point-withdrawal"),
    path("courses/<int:pk>/points/", course_points, name="course-points"),
    path("courses/<int:pk>/scale/", course_scale, name="course-scale"),
    path("lessons/<int:pk>/works/new/", work_new, name="work-new"),
    path("works/<int:pk>/", work, name="work"),
    path("works/<int:pk>/removal/", work_removal, name="work-removal"),
    path("classes/<int:pk>/tests/", class_tests, name="class-tests"),
    path("classes/<int:pk>/tests/<date:day>/", class_tests, name="class-tests-of-month"),
    path("classes/<int:pk>/absences/", class_absences, name="class-absences"),
    path("classes/<int:pk>/absences/reasons/", absence_reasons, name="absence-reasons"),
    path("classes/<int:pk>/absences/period/", absence_period, name="absence-period"),
    path("phrases/", phrases, name="phrases"),
    path("phrases/<int:pk>/removal/", phrase_removal, name="phrase-removal"),
]
