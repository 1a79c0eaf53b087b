"""Every address of the portal, app by app."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from asurso import views

urlpatterns = [
    path("", views.front, name="front"),
    path("help/", views.help_page, name="help"),
    path("more/", views.more, name="more"),
    path("language/", views.set_language, name="set-language"),
    path("theme/", views.set_theme, name="set-theme"),
    path("healthz", views.healthz, name="healthz"),
    path("", include("accounts.urls")),
    # django-allauth's pages; its own doors in and out are the portal's.
    path("account/login/", RedirectView.as_view(pattern_name="accounts:sign-in", query_string=True)),
    path("account/logout/", RedirectView.as_view(pattern_name="diary:home")),
    path("account/", include("allauth.urls")),
    path("", include("messaging.urls")),
    path("", include("schools.urls")),
    path("", include("schedule.urls")),
    path("", include("diary.urls")),
    path("admin/", admin.site.urls),
]
