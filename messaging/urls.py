from django.conf import settings
from django.urls import path

from messaging import views

app_name = "messaging"

urlpatterns = []

if settings.OUTBOX:
    urlpatterns += [
        path("outbox/", views.outbox, name="outbox"),
        path("outbox/<int:pk>/", views.outgoing, name="outgoing"),
    ]
