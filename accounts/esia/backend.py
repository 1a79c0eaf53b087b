"""The conversation with ESIA, as python-social-auth's backend.

The library keeps the state (a single-use nonce bound to the session) and PKCE; here is what ESIA wants
otherwise, and a limit of time for all of it.
"""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from requests import Response
from social_core.backends.oauth import BaseOAuth2PKCE
from social_core.exceptions import AuthProviderError, AuthSessionError, SocialAuthBaseException

from accounts.esia import protocol, signing, tokens
from accounts.esia.person import BadPerson, EsiaPerson, read_person

# The page that says ESIA does not answer comes within 5 seconds; the rest is ours.
PATIENCE_SECONDS = 4.0
# What was found of ESIA's health holds for so long: an outage must not cost every visitor the wait.
FOUND_WELL_SECONDS, FOUND_ILL_SECONDS = 30, 10
FAULTS_OF_ITS_OWN = 500  # HTTP statuses from here on
PARENT = "parent"


class EsiaOAuth2(BaseOAuth2PKCE):
    """One conversation: an object a request."""

    name = "esia"
    ID_KEY = "oid"
    REDIRECT_STATE = False
    STATE_LIFETIME = 900  # seconds

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = time.monotonic() + PATIENCE_SECONDS
        self._asked: dict[str, str] = {}

    # --- To ESIA ---------------------------------------------------------------------------------
    def ask_for(self, *, door: str, way_on: str) -> None:
        """Before `start`: parents are asked about their children, nobody else; and where to go then."""
        scopes = settings.ESIA_SCOPES + (settings.ESIA_KID_SCOPES if door == PARENT else [])
        self._asked = {"scope": " ".join(scopes), "way_on": way_on}

    def auth_url(self) -> str:
        """The library would undo the percent-encoding, and the timestamp's plus become a blank."""
        state = self.get_or_create_state()
        return f"{self.authorization_url()}?{urlencode(self.auth_params(state), quote_via=quote)}"

    def auth_params(self, state: str | None = None) -> dict[str, str]:
        key = self.transaction_key(state or "")
        self.strategy.session_set(key, {**self.strategy.session_get(key), **self._asked})
        parameters = {**super().auth_params(state), "scope": self._asked["scope"], "access_type": "online"}
        return self._signed(parameters)

    def auth_complete_params(self, state: str | None = None) -> dict[str, str]:
        """A request of its own, with a state of its own, which the answer must bring back."""
        self._asked = self._oauth2_transaction or {}
        parameters = {
            **super().auth_complete_params(state),
            "scope": self._asked["scope"],
            "state": self.state_token(),
            "token_type": "Bearer",
        }
        self._token_state = parameters["state"]
        return self._signed(parameters)

    def _signed(self, parameters: dict[str, str]) -> dict[str, str]:
        now = timezone.localtime()
        return protocol.signed(parameters, by=signing.signer(), layout=protocol.layout(), now=now)

    def state_token(self) -> str:
        return str(uuid.uuid4())

    def authorization_url(self) -> str:
        return f"{settings.ESIA_URL}{protocol.layout().authorization}"

    def access_token_url(self) -> str:
        return f"{settings.ESIA_URL}{protocol.layout().token}"

    def get_key_and_secret(self) -> tuple[str, str]:
        return settings.ESIA_CLIENT_ID, ""

    def setting(self, name: str, default: Any = None) -> Any:
        """v1 knows no PKCE."""
        return protocol.layout().is_v2 if name == "USE_PKCE" else super().setting(name, default)

    # --- From ESIA -------------------------------------------------------------------------------
    def request_access_token(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        answer = super().request_access_token(*args, **kwargs)
        if not constant_time_compare(str(answer.get("state", "")), self._token_state):
            raise AuthSessionError(self, code="state_mismatch", stage="token_exchange")
        return answer

    def do_auth(self, access_token: str, *args: Any, **kwargs: Any) -> Any:
        """From here on the identity is proved. Only what the steps need goes on, and sealed: a half-done
        sign-in lies in the database. Raises BadToken, BadPerson."""
        answer = kwargs.pop("response")
        person = self._person(str(answer.get("id_token", "")), access_token)
        return self.strategy.authenticate(
            self, response={"person": person.sealed()}, way_on=self._asked.get("way_on", ""), **kwargs
        )

    def _person(self, id_token: str, access_token: str) -> EsiaPerson:
        pins = tokens.pins()
        subject = tokens.read_id_token(id_token, pins)
        if tokens.read_access_token(access_token, pins) != subject.oid:
            raise tokens.WrongSubject
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        address = f"{settings.ESIA_URL}/rs/prns/{subject.oid}"

        def ask(path: str) -> Any:
            return self.get_json(f"{address}{path}", headers=headers)

        return read_person(subject, ask, scopes=self._asked["scope"].split())

    def request(self, url: str, **kwargs: Any) -> Response:
        """Within what is left of the patience. A thread, because no timeout of a socket bounds looking
        up a name, nor an answer that comes in drops."""
        left = max(self._deadline - time.monotonic(), 0.1)
        kwargs["timeout"] = left
        pool = ThreadPoolExecutor(max_workers=1)
        try:
            return pool.submit(super().request, url, **kwargs).result(timeout=left)
        except NotInTime as error:
            raise AuthProviderError(self, code="timeout", stage="callback") from error
        finally:
            pool.shutdown(wait=False)

    # --- Is it there? ------------------------------------------------------------------------------
    def answers(self) -> bool:
        """Before a person is sent there. Any answer will do that is no fault of ESIA's own."""
        key = f"esia-answers:{settings.ESIA_URL}"
        found = cache.get(key)
        if found is None:
            found = self._answers_now()
            cache.set(key, found, FOUND_WELL_SECONDS if found else FOUND_ILL_SECONDS)
        return bool(found)

    def _answers_now(self) -> bool:
        try:
            self.request(settings.ESIA_URL)
        except SocialAuthBaseException as error:
            return not is_ill(error)
        return True


def is_ill(error: Exception) -> bool:
    """Does ESIA not answer, or answer with a fault of its own (5xx)?"""
    if not isinstance(error, AuthProviderError):
        return False
    return (error.status_code or FAULTS_OF_ITS_OWN) >= FAULTS_OF_ITS_OWN


# What says that nothing was proved: by ESIA, by the library, by our own checks.
UNPROVEN = (SocialAuthBaseException, tokens.BadToken, BadPerson)
