"""The time that a signed request carries: «2026.11.23 10:00:00 +0400»."""

import datetime

from esia_mock.errors import Fault, Refusal

FORMAT = "%Y.%m.%d %H:%M:%S %z"


def check_timestamp(text: str, *, now: datetime.datetime, window: datetime.timedelta) -> None:
    """Raises Refusal: unreadable (a `+` that was not percent-encoded arrives as a space), or too far
    from `now` either way."""
    try:
        moment = datetime.datetime.strptime(text, FORMAT)
    except ValueError as error:
        raise Refusal(Fault.BAD_PARAMETER, "timestamp") from error
    if abs(now - moment) > window:
        raise Refusal(Fault.BAD_TIME)
