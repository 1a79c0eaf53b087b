"""Settings of the stand-in, read from the environment. It starts in development only.

Our own modules read this one directly rather than through `django.conf.settings`, whose names the
type checker knows from the portal's settings.
"""

import datetime
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

if os.environ.get("ASURSO_DEVELOPMENT") != "1":
    raise ImproperlyConfigured(
        "esia_mock lets anybody in as anybody: it starts with ASURSO_DEVELOPMENT=1 only, never in production."
    )


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set {name}: `make run` does (local/esia.py).")
    return value


def _clients() -> list[dict[str, Any]]:
    try:
        rows = json.loads(_required("ESIA_MOCK_CLIENTS"))
    except ValueError as error:
        raise ImproperlyConfigured(f"Set ESIA_MOCK_CLIENTS to a JSON list of clients: {error}") from error
    if not isinstance(rows, list):
        raise ImproperlyConfigured("Set ESIA_MOCK_CLIENTS to a JSON list of clients.")
    return rows


# --- What the stand-in knows ---------------------------------------------------------------------
URL = _required("ESIA_URL").rstrip("/")
# Like ESIA's own: with a slash at the end, though the address of the service has none.
ISSUER = f"{URL}/"
TOKEN_KEY = Path(_required("ESIA_MOCK_KEY"))
TOKEN_CERTIFICATE = Path(_required("ESIA_MOCK_CERTIFICATE"))
# Rows with the fields of `esia_mock.clients.Client`.
CLIENTS = _clients()
# What the school's files say of the test people, see `esia_mock.people`; without it invented ones.
PEOPLE = os.environ.get("ESIA_MOCK_PEOPLE", "")
# How long a "slow" sign-in takes unless its page says otherwise: longer than the portal waits.
SLOW_SECONDS = int(os.environ.get("ESIA_MOCK_SLOW_SECONDS", "8"))
TIMESTAMP_WINDOW = datetime.timedelta(minutes=5)
CODE_SECONDS, SIGN_IN_SECONDS, TOKEN_SECONDS, REFRESH_SECONDS = 120, 900, 3600, 86_400

# --- The web -------------------------------------------------------------------------------------
DEBUG = False
SECRET_KEY = "development-only-esia-mock"  # noqa: S105 - the stand-in guards nothing
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", urlsplit(URL).hostname or "localhost"]
ROOT_URLCONF = "esia_mock.urls"
WSGI_APPLICATION = "esia_mock.wsgi.application"
APPEND_SLASH = False
INSTALLED_APPS = ["django.contrib.staticfiles", "esia_mock"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"],
            "builtins": ["django.templatetags.static"],
        },
    }
]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
# No form-action: after the sign-in form the browser is sent to whatever system has asked.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Data: no database; codes, refresh tokens and begun sign-ins in Valkey ------------------------
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _required("REDIS_URL"),
        "KEY_PREFIX": "esia-mock",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
# Cookies belong to a host name whatever the port: the portal on the same name has its own.
SESSION_COOKIE_NAME = "esia_mock_session"
CSRF_COOKIE_NAME = "esia_mock_csrf"

LANGUAGE_CODE = "ru"
USE_I18N = False
USE_TZ = True
TIME_ZONE = os.environ.get("TIME_ZONE", "Europe/Samara")
ZONE = ZoneInfo(TIME_ZONE)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "ERROR")},
}
