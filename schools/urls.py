from django.urls import path

from schools import views

app_name = "schools"

urlpatterns = [
    path("proposals/<int:pk>/", views.proposal, name="proposal"),
    path("proposals/<int:pk>/confirmation/", views.proposal_confirmation, name="proposal-confirmation"),
    path("proposals/<int:pk>/refusal/", views.proposal_refusal, name="proposal-refusal"),
]
