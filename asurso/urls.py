"""Every address of the portal, app by app."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from asurso import offline, views


def moved_to(name: str) -> Any:
    """An address of the old portal. What stood behind its question mark means nothing here."""
    return login_not_required(RedirectView.as_view(pattern_name=name, permanent=True))


handler500 = views.server_error

urlpatterns = [
    path("", views.front, name="front"),
    path("help/", views.help_page, name="help"),
    path("more/", views.more, name="more"),
    path("language/", views.set_language, name="set-language"),
    path("theme/", views.set_theme, name="set-theme"),
    path("vision/", views.vision, name="vision"),
    path("offline/", offline.offline_page, name="offline"),
    path("service-worker.js", offline.service_worker, name="service-worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("healthz", views.healthz, name="healthz"),
    path("", include("accounts.urls")),
    path("account/", include("accounts.allauth_urls")),
    path("", include("messaging.urls")),
    path("", include("schools.urls")),
    path("", include("schedule.urls")),
    path("", include("diary.urls")),
    path("admin/", admin.site.urls),
    # The old portal's, which people have bookmarked.
    path("about.html", moved_to("front"), name="old-about"),
    path("asp/sso/esia/crosslogin", moved_to("front"), name="old-esia"),
    path("asp/sso/esia/crosslogin/", moved_to("front"), name="old-esia-slash"),
    path("angular/school/main/", moved_to("front"), name="old-main"),
]
