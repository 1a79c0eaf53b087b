"""ESIA's addresses, and beside them those of an ordinary OpenID Connect provider."""

from django.urls import path

from esia_mock.clients import Protocol
from esia_mock.views import authorizing, discovery, resources, signing_in, tokens

urlpatterns = [
    path("", signing_in.front, name="front"),
    # ESIA: the old pair, the present pair
    path("aas/oauth2/ac", authorizing.authorize, {"protocol": Protocol.V1}, name="v1-authorize"),
    path("aas/oauth2/te", tokens.token, {"protocol": Protocol.V1}, name="v1-token"),
    path("aas/oauth2/v2/ac", authorizing.authorize, {"protocol": Protocol.V2}, name="v2-authorize"),
    path("aas/oauth2/v3/te", tokens.token, {"protocol": Protocol.V2}, name="v3-token"),
    path("idp/ext/Logout", authorizing.logout, name="logout"),
    path("rs/prns/<int:oid>", resources.person, name="person"),
    path("rs/prns/<int:oid>/<slug:collection>", resources.collection, name="collection"),
    path("rs/prns/<int:oid>/<slug:collection>/<int:pk>", resources.element, name="element"),
    # its pages for the person
    path("login/<str:key>/", signing_in.sign_in, name="sign-in"),
    path("login/<str:key>/code/", signing_in.second_factor, name="second-factor"),
    # any standard client
    path(".well-known/openid-configuration", discovery.configuration, name="configuration"),
    path("oidc/keys", discovery.keys, name="keys"),
    path("oidc/authorize", authorizing.authorize, {"protocol": Protocol.STANDARD}, name="authorize"),
    path("oidc/token", tokens.token, {"protocol": Protocol.STANDARD}, name="token"),
    path("oidc/userinfo", resources.userinfo, name="userinfo"),
]
