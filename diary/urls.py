from django.urls import path

from diary import views
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
    path("journals/<int:pk>/print/", course_print, name="journal-print"),
    path("classes/<int:pk>/journal/print/", class_print, name="class-journal-print"),
]
