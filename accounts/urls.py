from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/administration/", views.sign_in_administration, name="sign-in-administration"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
]
