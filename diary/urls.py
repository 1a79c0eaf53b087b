from django.urls import path

from diary import views
from diary.journal.views import journal, journal_entries, journals
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
    path("journals/", journals, name="journals"),
    path("journals/<int:pk>/", journal, name="journal"),
    path("journals/<int:pk>/terms/<int:term_pk>/", journal, name="journal-of-term"),
    path("journals/<int:pk>/entries/", journal_entries, name="journal-entries"),
]
