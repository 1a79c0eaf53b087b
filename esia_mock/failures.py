"""What the tester may let go wrong, for one sign-in only: chosen on the sign-in page."""

from enum import StrEnum


class Failure(StrEnum):
    NONE = "none"
    DENIED = "denied"  # the person does not agree: error instead of a code
    EXPIRED = "expired"  # the code is too old when it comes
    SIGNATURE = "signature"  # tokens signed with a key that nobody knows
    SLOW = "slow"  # the token end point takes its time
    DOWN = "down"  # the token end point answers 503

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Failure.NONE: "ничего, вход пройдёт",
    Failure.DENIED: "человек откажет в согласии",
    Failure.EXPIRED: "код окажется просрочен",
    Failure.SIGNATURE: "подпись маркеров окажется неверной",
    Failure.SLOW: "Госуслуги ответят с задержкой",
    Failure.DOWN: "Госуслуги не ответят (503)",
}
