"""ESIA's refusals: a code of its own in the description, and OAuth's word for it."""

from enum import Enum


class Fault(Enum):
    """(ESIA's code, OAuth's word, text)"""

    CERTIFICATE_UNKNOWN = ("ESIA-007002", "unauthorized_client", "Сертификат не соответствует мнемонике")
    BAD_PARAMETER = ("ESIA-007003", "invalid_request", "Параметр отсутствует, неверен или повторён")
    DENIED = ("ESIA-007004", "access_denied", "Владелец ресурса или сервис отказал в доступе")
    CLIENT_NOT_ALLOWED = ("ESIA-007005", "unauthorized_client", "Система не может запрашивать таким способом")
    BAD_SCOPE = ("ESIA-007006", "invalid_scope", "Запрошена неизвестная область доступа")
    RESPONSE_TYPE = ("ESIA-007009", "unsupported_response_type", "Тип ответа не поддерживается")
    BAD_GRANT = ("ESIA-007011", "invalid_grant", "Код или токен неверен, истёк, использован или чужой")
    GRANT_TYPE = ("ESIA-007012", "unsupported_grant_type", "Способ получения токена не поддерживается")
    NO_SCOPE = ("ESIA-007013", "invalid_scope", "Область доступа не указана")
    MISSING_PARAMETER = ("ESIA-007014", "invalid_request", "Отсутствует обязательный параметр")
    BAD_TIME = ("ESIA-007015", "invalid_request", "Неверное время запроса")
    NO_GRANTS = ("ESIA-007019", "invalid_scope", "OAuthErrorEnum.noGrants")
    BAD_REDIRECT = ("ESIA-007023", "invalid_request", "Адрес возврата не зарегистрирован")
    NO_CHALLENGE = ("ESIA-007039", "invalid_request", "code_challenge не был передан")
    BAD_VERIFIER = ("ESIA-007040", "invalid_grant", "code_verifier не соответствует code_challenge")
    BAD_SECRET = ("ESIA-007053", "unauthorized_client", "OAuthErrorEnum.clientSecretWrong")
    BAD_CLIENT = ("ESIA-008010", "invalid_client", "Система не прошла аутентификацию")

    def __init__(self, code: str, word: str, text: str) -> None:
        self.code, self.word, self.text = code, word, text


class Refusal(Exception):
    """ESIA refuses a request; `detail` names the parameter."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(fault.code)
        self.fault, self.detail = fault, detail

    @property
    def description(self) -> str:
        """«ESIA-007014: Отсутствует обязательный параметр [timestamp]»"""
        named = f" [{self.detail}]" if self.detail else ""
        return f"{self.fault.code}: {self.fault.text}{named}"

    def as_answer(self, state: str) -> dict[str, str]:
        """The parameters of a redirection, or the members of a JSON answer."""
        found = {"error": self.fault.word, "error_description": self.description}
        return {**found, "state": state} if state else found
