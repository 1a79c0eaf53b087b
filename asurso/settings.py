"""Settings, read from the environment.

Production is the default: anything missing or unsafe stops the start with a line that says what
to set. `ASURSO_DEVELOPMENT=1`, which `make run` and `make test` set, relaxes that.
"""

import datetime
from pathlib import Path

import environ
import pghistory
from cryptography.fernet import Fernet, MultiFernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from asurso import esia

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

# True only on a developer's machine and in the demo: cookies without HTTPS, the demo's logins.
DEVELOPMENT = env.bool("ASURSO_DEVELOPMENT", default=False)
DEBUG = env.bool("DEBUG", default=False)
if DEBUG and not DEVELOPMENT:
    raise ImproperlyConfigured("DEBUG is for development only: unset it, or set ASURSO_DEVELOPMENT=1.")

# --- Secrets -------------------------------------------------------------------------------------
DEVELOPMENT_SECRET = "development-only-not-a-secret"  # noqa: S105
DEVELOPMENT_ENCRYPTION_KEY = "ZGV2ZWxvcG1lbnQtb25seS1ub3QtYS1zZWNyZXQhISE="


LEAST_SECRET = 32  # characters


def _secret(name: str, development: str) -> str:
    value: str = env.str(name, default=development if DEVELOPMENT else "")
    _refuse_weak(name, [value], development)
    return value


def _keys(name: str, development: str) -> list[str]:
    value: str = env.str(name, default=development if DEVELOPMENT else "")
    keys = [key.strip() for key in value.split(",") if key.strip()]
    _refuse_weak(name, keys, development)
    return keys


def _refuse_weak(name: str, values: list[str], development: str) -> None:
    if not any(values) or (development in values and not DEVELOPMENT):
        raise ImproperlyConfigured(f"Set {name}: see the table of settings in README.md.")
    if not DEVELOPMENT and any(len(value) < LEAST_SECRET for value in values):
        raise ImproperlyConfigured(
            f"Set {name}: at least {LEAST_SECRET} random characters each, made as deploy/env.example says."
        )


SECRET_KEY = _secret("SECRET_KEY", DEVELOPMENT_SECRET)
# Fernet keys for document numbers (SNILS …), newest first: the first encrypts, all decrypt.
ENCRYPTION_KEYS = _keys("ENCRYPTION_KEYS", DEVELOPMENT_ENCRYPTION_KEY)
try:
    MultiFernet([Fernet(key) for key in ENCRYPTION_KEYS])
except ValueError as error:
    raise ImproperlyConfigured("Set ENCRYPTION_KEYS: 32 random bytes each, in URL-safe base64.") from error
# Keys of the hashes that documents are matched by, newest first: the first writes, all match.
HASH_KEYS = _keys("HASH_KEYS", DEVELOPMENT_SECRET)
# Keys of the seals of history, newest first: the first signs, all verify. Who can write to the database
# must not be able to read them (docs/history.md).
HISTORY_SEAL_KEYS = _keys("HISTORY_SEAL_KEYS", DEVELOPMENT_SECRET)

# --- The web -------------------------------------------------------------------------------------
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"] if DEVELOPMENT else [])
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS: the portal's host names, separated by commas.")
if not DEVELOPMENT and any(host.strip(" .") == "*" for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured("Set ALLOWED_HOSTS: the portal's own host names; * admits any.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

ROOT_URLCONF = "asurso.urls"
WSGI_APPLICATION = "asurso.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "asurso.admin.RegionAdminConfig",
    "bootstrap",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "social_django",
    "pgtrigger",
    "pghistory",
    "schools",
    "messaging",
    "schedule",
    "diary",
    "accounts",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.proven_roles",
    "asurso.resending.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.session_lifetime",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.proving_again_keeps_nothing",
    "schools.history.ActingPersonMiddleware",
    "asurso.middleware.personal_pages",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "asurso.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "asurso.jinja.environment"},
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # entries as templates/django/forms has them

# --- Data ----------------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **env.db("DATABASE_URL"),
        # A new connection per request costs three quarters of the rate (docs/performance.md).
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
    },
}
# The role that owns the tables and migrates. By default the application's own, in development only.
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", default=env.str("DATABASE_URL") if DEVELOPMENT else "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A request that enqueues does not wait long for a broker that is down: the work waits as a row.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 5}
# Kibibytes. Rendering many PDFs leaves memory behind: a worker past this is replaced between tasks.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000

# Who changed a journal row stands in the event itself, not in a row that stays updatable.
PGHISTORY_BASE_MODEL = "schools.history.Event"
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# --- People --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PersonBackend", "accounts.esia.backend.EsiaOAuth2"]

# Who may use which door (product map §2.5; the rule: schools/doors.py).
SCHOOL_LOGIN_GRACE_DAYS = env.int("SCHOOL_LOGIN_GRACE_DAYS", default=0)
SCHOOL_LOGIN_OPENS = set(env.list("SCHOOL_LOGIN_OPENS", default=[]))
if SCHOOL_LOGIN_OPENS - {"student", "guardian"}:
    raise ImproperlyConfigured("SCHOOL_LOGIN_OPENS may name student and guardian; staff need more.")
ADMIT_DEMO_LOGINS = env.bool("ADMIT_DEMO_LOGINS", default=DEVELOPMENT)
if ADMIT_DEMO_LOGINS and not DEVELOPMENT:
    raise ImproperlyConfigured("ADMIT_DEMO_LOGINS is for development only: unset it.")

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
# A registration (product map §2.4). The telephone is asked for by the form: required here, no login
# of a school without one could sign in any more.
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone", "username*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "signup": "accounts.registration.forms.RegistrationForm",
    "verify_phone": "accounts.registration.forms.TelephoneCodeForm",
    "confirm_email_verification_code": "accounts.registration.forms.EmailCodeForm",
    "add_email": "accounts.security.forms.OwnEmailForm",
    "change_password": "accounts.security.forms.OwnPasswordForm",
    "reauthenticate": "accounts.security.forms.PasswordAgainForm",
}
ACCOUNT_USERNAME_MIN_LENGTH = 4
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # the school's door says "none" for logins of a school
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Guessing is slowed down by accounts/attempts.py, which a restart does not make forget.
# How many codes go out is limited by accounts/codes.py in the same way.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": False,
    "signup": "300/m/ip",
    "confirm_email": False,
    "verify_phone": False,
    "change_phone": "10/m/user",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "front"
MFA_ADAPTER = "accounts.security.second_factors.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.security.forms.SecondFactorForm",
    "reauthenticate": "accounts.security.forms.SecondFactorAgainForm",
    "activate_totp": "accounts.security.forms.ApplicationForm",
    "add_webauthn": "accounts.security.forms.NewPasskeyForm",
    "edit_webauthn": "accounts.security.forms.PasskeyNameForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT
MFA_TOTP_ISSUER = "АСУ РСО"
USERSESSIONS_ADAPTER = "accounts.security.sessions.SessionsAdapter"
SECOND_FACTOR_URL = "mfa_index"  # where Django admin sends those who showed none
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# How long a first password that nobody used opens the door.
FIRST_PASSWORD_DAYS = env.int("FIRST_PASSWORD_DAYS", default=60)
# How long a session lives without being used (accounts/security/lifetimes.py): families; staff; who opens
# Django admin.
SESSION_LIFETIME = datetime.timedelta(days=env.int("SESSION_DAYS", default=14))
SESSION_LIFETIME_STAFF = datetime.timedelta(hours=env.int("SESSION_HOURS_STAFF", default=12))
SESSION_LIFETIME_ADMINISTRATION = datetime.timedelta(hours=env.int("SESSION_HOURS_ADMINISTRATION", default=2))
SESSION_COOKIE_AGE = int(SESSION_LIFETIME.total_seconds())
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "diary:home"
LOGOUT_REDIRECT_URL = "front"
SIGN_OUT_URL = "accounts:sign-out"  # Django admin's way out as well

# --- Letters and SMS -----------------------------------------------------------------------------
# What would leave the portal is kept, and shown to everybody on a page: development only.
OUTBOX = DEVELOPMENT
# Letters of Django and its libraries become rows as well; the worker sends them by MAIL_TRANSPORT.
EMAIL_BACKEND = "messaging.backends.OutgoingBackend"
_mail = env.email_url_config(env.str("EMAIL_URL", default="") or "dummymail:")
MAIL_TRANSPORT = _mail["EMAIL_BACKEND"]
if not DEVELOPMENT and MAIL_TRANSPORT != "django.core.mail.backends.smtp.EmailBackend":
    raise ImproperlyConfigured("Set EMAIL_URL: the mail server, like smtp+tls://user:password@host:587.")
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="asurso@localhost" if DEVELOPMENT else "")
if "@" not in DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured("Set DEFAULT_FROM_EMAIL: the address that the portal's letters come from.")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# `http`, the dotted path of a class of one's own; in development also `outbox` and `console`.
SMS_GATEWAY = env.str("SMS_GATEWAY", default="") or ("outbox" if DEVELOPMENT else "http")
if not DEVELOPMENT and SMS_GATEWAY.endswith(("outbox", "OutboxGateway", "console", "ConsoleGateway")):
    raise ImproperlyConfigured("SMS_GATEWAY=outbox and =console are for development only: set http.")
SMS_URL = env.str("SMS_URL", default="")
SMS_TOKEN = env.str("SMS_TOKEN", default="")
SMS_SENDER = env.str("SMS_SENDER", default="")
if not DEVELOPMENT and SMS_GATEWAY == "http" and not (SMS_URL.startswith("https://") and SMS_TOKEN):
    raise ImproperlyConfigured("Set SMS_URL, an https:// address, and SMS_TOKEN: the provider's gateway.")
PHONENUMBER_DEFAULT_REGION = "RU"

# --- ESIA (Gosuslugi) -------------------------------------------------------------------------------
ESIA_URL = env.str("ESIA_URL", default="").rstrip("/")  # empty: this door is switched off
ESIA_PROTOCOL = env.str("ESIA_PROTOCOL", default="v2")
ESIA_CLIENT_ID = env.str("ESIA_CLIENT_ID", default="")
ESIA_CLIENT_KEY = env.str("ESIA_CLIENT_KEY", default="")
ESIA_CLIENT_CERTIFICATE = env.str("ESIA_CLIENT_CERTIFICATE", default="")
ESIA_SIGNER = env.str("ESIA_SIGNER", default="accounts.esia.signing.RsaSigner")
# PEM files: the present certificate and the coming one.
ESIA_TOKEN_CERTIFICATES = env.list("ESIA_TOKEN_CERTIFICATES", default=[])
ESIA_TOKEN_ALGORITHMS = env.list("ESIA_TOKEN_ALGORITHMS", default=["RS256"])
ESIA_ISSUER = env.str("ESIA_ISSUER", default=esia.issuer_of(ESIA_URL))
ESIA_SCOPES = env.str("ESIA_SCOPES", default="openid fullname birthdate snils").split()
# Asked of parents only.
ESIA_KID_SCOPES = env.str(
    "ESIA_KID_SCOPES", default="kid_fullname kid_birthdate kid_gender kid_snils kid_birth_cert_doc"
).split()
if not DEVELOPMENT:
    esia.refuse_stand_in(ESIA_URL, [ESIA_CLIENT_CERTIFICATE, *ESIA_TOKEN_CERTIFICATES])
if ESIA_URL:
    esia.check(
        protocol=ESIA_PROTOCOL,
        algorithms=ESIA_TOKEN_ALGORITHMS,
        required={
            "ESIA_CLIENT_ID": ESIA_CLIENT_ID,
            "ESIA_CLIENT_KEY": ESIA_CLIENT_KEY,
            "ESIA_CLIENT_CERTIFICATE": ESIA_CLIENT_CERTIFICATE,
            "ESIA_TOKEN_CERTIFICATES": ",".join(ESIA_TOKEN_CERTIFICATES),
        },
    )
# Where the demo writes its people for the stand-in for ESIA.
ESIA_MOCK_PEOPLE = env.str("ESIA_MOCK_PEOPLE", default="")
SOCIAL_AUTH_ESIA_PIPELINE = [
    f"accounts.esia.pipeline.{step}"
    for step in (
        "refuse_cancelled",
        "find_linked_account",
        "match_file",
        "prove_file_by_login",
        "refuse_second_identity",
        "adopt_registration",
        "choose_institution",
        "link_account",
        "sign_in",
    )
]

# --- Language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Samara")
CELERY_TIMEZONE = TIME_ZONE

# --- Static files --------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEVELOPMENT

# --- Private files -------------------------------------------------------------------------------
# Where teachers' files are kept: outside of what a web server serves (diary/private_files.py).
PRIVATE_FILES_ROOT = env.str("PRIVATE_FILES_ROOT", default=str(BASE_DIR / "var/files") if DEVELOPMENT else "")
if not PRIVATE_FILES_ROOT:
    raise ImproperlyConfigured("Set PRIVATE_FILES_ROOT: the folder of files that go with homework.")
# The address under which nginx hands these files out for us (`internal`); empty: the portal does itself.
PRIVATE_FILES_ACCEL = env.str("PRIVATE_FILES_ACCEL", default="")
HOMEWORK_FILE_MEGABYTES = env.int("HOMEWORK_FILE_MEGABYTES", default=20)
HOMEWORK_FILES = env.int("HOMEWORK_FILES", default=10)
REMOVED_FILES_DAYS = env.int("REMOVED_FILES_DAYS", default=30)

CSRF_FAILURE_VIEW = "asurso.resending.token_has_turned"

# --- Safety --------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        # The doors are forms, and Chromium holds the way that follows a form to this too.
        "form-action": [SELF, *esia.origin_of(ESIA_URL)],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEVELOPMENT
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEVELOPMENT)
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEVELOPMENT
# Preloading binds a domain for years: the region's own decision.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
# nginx in front says who came and by what scheme; without it anybody could claim so.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=not DEVELOPMENT)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"no_secrets": {"()": "asurso.logs.SecretAddresses"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_secrets"]}
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
