"""The portal's addresses and the floor's."""

from django.urls import include, path

from tests.bench import floor

urlpatterns = [*floor.urlpatterns, path("", include("asurso.urls"))]
