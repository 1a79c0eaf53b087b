"""What a standard OpenID Connect client asks first. ESIA itself publishes none of it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from esia_mock import settings
from esia_mock.clients import STANDARD_SCOPES
from esia_mock.tokens import ALGORITHM, published_key


@require_safe
def configuration(request: HttpRequest) -> HttpResponse:
    def address(name: str) -> str:
        return f"{settings.URL}{reverse(name)}"

    return JsonResponse(
        {
            "issuer": settings.ISSUER,
            "authorization_endpoint": address("authorize"),
            "token_endpoint": address("token"),
            "userinfo_endpoint": address("userinfo"),
            "jwks_uri": address("keys"),
            "scopes_supported": sorted(STANDARD_SCOPES),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "code_challenge_methods_supported": ["S256"],
            "claims_supported": [
                "sub", "name", "family_name", "given_name", "middle_name", "birthdate", "gender",
                "email", "email_verified", "phone_number", "phone_number_verified",
            ],
        }
    )  # fmt: skip


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"keys": [published_key()]})
