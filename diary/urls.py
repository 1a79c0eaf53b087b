from django.urls import path

from diary import views
from diary.journal.views import journal, journal_entries, journals
from diary.lesson.views import lesson
from diary.results.class_views import behaviour, class_results
from diary.results.views import acceptance, average, results
from diary.rules.views import kinds, rules, weights

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
    path("journals/<int:course_pk>/results/", results, name="results"),
    path("journals/<int:course_pk>/results/<slug:column>/", results, name="results-of"),
    path("journals/<int:course_pk>/results/<slug:column>/acceptance/", acceptance, name="results-acceptance"),
    path("journals/<int:course_pk>/terms/<int:term_pk>/averages/<int:student_pk>/", average, name="average"),
    path("classes/<int:class_pk>/results/", class_results, name="class-results"),
    path("classes/<int:class_pk>/results/<slug:column>/", class_results, name="class-results-of"),
    path("classes/<int:class_pk>/results/<slug:column>/behaviour/", behaviour, name="behaviour"),
    path("schools/<int:organisation_pk>/journal-rules/", rules, name="rules"),
    path("schools/<int:organisation_pk>/journal-rules/weights/", weights, name="rules-weights"),
    path("schools/<int:organisation_pk>/journal-rules/kinds/", kinds, name="rules-kinds"),
]
