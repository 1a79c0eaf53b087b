"""Every address of the portal, app by app."""

from django.contrib import admin
from django.urls import include, path

from asurso import views

urlpatterns = [
    path("", views.front, name="front"),
    path("help/", views.help_page, name="help"),
    path("more/", views.more, name="more"),
    path("language/", views.set_language, name="set-language"),
    path("theme/", views.set_theme, name="set-theme"),
    path("healthz", views.healthz, name="healthz"),
    path("", include("accounts.urls")),
    path("", include("schedule.urls")),
    path("", include("diary.urls")),
    path("admin/", admin.site.urls),
]
