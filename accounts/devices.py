"""The devices that an account is used on: in words, and which of them it has been used on before."""

import re
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User

COOKIE = "devices"
COOKIE_SECONDS = 400 * 24 * 3600  # browsers keep none for longer
ACCOUNTS_OF_A_DEVICE = 20  # a family's telephone, a classroom's computer

# The first that fits: browsers claim to be others as well.
_BROWSERS = (
    (r"YaBrowser|YaApp", "Яндекс Браузер"),
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser", "Samsung Internet"),
    (r"Firefox|FxiOS", "Firefox"),
    (r"Chrom(e|ium)|CriOS", "Chrome"),
    (r"Safari", "Safari"),
)
_SYSTEMS = (
    (r"Android", "Android"),
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux", "Linux"),
)


def in_words(user_agent: str) -> str:
    """`Mozilla/5.0 (Windows NT 10.0 …) … YaBrowser/…` → `Яндекс Браузер, Windows`."""
    known = [_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)]
    return ", ".join(filter(None, known)) or _("unknown device")


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, user_agent)), "")


def device_of(request: HttpRequest) -> str:
    return in_words(request.META.get("HTTP_USER_AGENT", ""))


def is_known(request: HttpRequest, account: User) -> bool:
    """Has this account signed in on this device before? The cookie tells nobody whose they were."""
    return _token(account) in _tokens(request)


def remember(request: HttpRequest, response: HttpResponse, account: User) -> None:
    mine = _token(account)
    others = [token for token in _tokens(request) if token != mine]
    value = signing.dumps([mine, *others][:ACCOUNTS_OF_A_DEVICE], salt=COOKIE)
    response.set_cookie(
        COOKIE, value, max_age=COOKIE_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure()
    )


def _tokens(request: HttpRequest) -> list[str]:
    try:
        tokens: Any = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=COOKIE_SECONDS)
    except signing.BadSignature:
        return []
    return list(tokens)


def _token(account: User) -> str:
    return salted_hmac(COOKIE, str(account.pk), algorithm="sha256").hexdigest()[:16]
