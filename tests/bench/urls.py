"""The portal's addresses and the floor's."""

from django.urls import include, path

from tests.bench import floor

urlpatterns = [
    path("floor/<slug:name>/", floor.floor, name="floor"),
    path("", include("asurso.urls")),
]
