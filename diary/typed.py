"""Keys and versions as forms and addresses bring them: text, perhaps of a forger."""

LONGEST = 18  # digits: what fits into a key of the database


def number(text: str | None) -> int:
    """Digits as a number; 0, which no key and no version has, for anything else."""
    if text and text.isascii() and text.isdecimal() and len(text) <= LONGEST:
        return int(text)
    return 0
