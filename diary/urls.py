from django.urls import path

from diary import views
from diary.homework import views as homework
from diary.lesson.views import lesson

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
    path("lessons/<int:pk>/homework/", homework.homework_new, name="homework-new"),
    path("lessons/<int:pk>/load/", homework.homework_load, name="homework-load"),
    path("homework/<int:pk>/", homework.homework, name="homework"),
    path("homework/<int:pk>/removal/", homework.homework_removal, name="homework-removal"),
    path("homework/<int:pk>/copies/", homework.homework_copies, name="homework-copies"),
    path("homework/files/<int:pk>/", homework.homework_file, name="homework-file"),
]
