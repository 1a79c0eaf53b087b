"""What never gets into the logs."""

import logging
import re

# The path of a calendar opens it (diary/feed): Django writes down the path of every refusal and error.
_CALENDAR = re.compile(r"(/calendar/)[^/\s]+(?=\.ics)")


class SecretAddresses(logging.Filter):
    """Says that a calendar was asked for, not which."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hidden = _CALENDAR.sub(r"\1…", said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True
