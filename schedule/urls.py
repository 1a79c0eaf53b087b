from django.urls import path

from schedule import converters, views  # noqa: F401 (the converters of <date:…> and <monday:…>)

app_name = "schedule"

urlpatterns = [
    path("classes/", views.classes, name="classes"),
    path("classes/<int:pk>/timetable/", views.class_timetable, name="class-timetable"),
    path("classes/<int:pk>/timetable/<monday:monday>/", views.class_timetable, name="class-timetable-week"),
]
