from django.urls import path

from diary import views
from diary.completeness import views as completeness
from diary.history.views import cell
from diary.lesson.views import lesson
from diary.printing.views import class_print, course_print

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
    path("lessons/<int:pk>/students/<int:student_pk>/history/", cell, name="cell-history"),
    path("journals/<int:pk>/print/", course_print, name="journal-print"),
    path("completeness/", completeness.completeness_start, name="completeness-start"),
    path("schools/<int:pk>/completeness/", completeness.completeness, name="completeness"),
    path(
        "journals/<int:pk>/terms/<int:term_pk>/completeness/",
        completeness.course_completeness,
        name="course-completeness",
    ),
    path(
        "journals/<int:pk>/keeping-remarks/new/", completeness.keeping_remark_new, name="keeping-remark-new"
    ),
    path("keeping-remarks/", completeness.keeping_remarks, name="keeping-remarks"),
    path(
        "keeping-remarks/<int:pk>/answer/", completeness.keeping_remark_answer, name="keeping-remark-answer"
    ),
    path(
        "keeping-remarks/<int:pk>/settlement/",
        completeness.keeping_remark_settlement,
        name="keeping-remark-settlement",
    ),
    path("classes/<int:pk>/journal/print/", class_print, name="class-journal-print"),
]
