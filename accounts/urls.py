from django.urls import path

from accounts import recovery_views, registration_views, reissue_views, security_views, views
from accounts.esia import views as esia

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/administration/", views.sign_in_administration, name="sign-in-administration"),
    path("sign-in/first-password/", views.first_password, name="first-password"),
    path("recovery/", recovery_views.contact, name="recovery"),
    path("recovery/code/", recovery_views.code, name="recovery-code"),
    path("recovery/answer/", recovery_views.answer, name="recovery-answer"),
    path("recovery/password/", recovery_views.password, name="recovery-password"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("sign-in/anew/", security_views.sign_in_anew, name="sign-in-anew"),
    path("capacity/", security_views.switch, name="switch"),
    path("security/", security_views.security, name="security"),
    path("security/question/", security_views.secret_question, name="secret-question"),
    path("security/sign-ins/", security_views.sign_in_journal, name="sign-in-journal"),
    path("class-logins/", reissue_views.class_logins, name="class-logins"),
    path("child-logins/", reissue_views.child_logins, name="child-logins"),
    path("logins/<int:student_pk>/", reissue_views.student_login, name="student-login"),
    path("registration/", registration_views.registration, name="registration"),
    path("registration/anew/", registration_views.registration_anew, name="registration-anew"),
    path("registrations/", registration_views.registration_queue, name="registrations"),
    path("registrations/<int:pk>/", registration_views.registration_decision, name="registration-decision"),
    path(
        "registrations/<int:pk>/refusal/",
        registration_views.registration_refusal,
        name="registration-refusal",
    ),
    path("gosuslugi/", esia.begin, name="esia"),
    path("gosuslugi/link/", esia.link, name="esia-link"),
    path("gosuslugi/institution/", esia.institution, name="esia-institution"),
    path("gosuslugi/refused/<slug:reason>/", esia.refused, name="esia-refused"),
    # Registered with ESIA: it never changes.
    path("social/complete/esia/", esia.complete, name="esia-complete"),
]
