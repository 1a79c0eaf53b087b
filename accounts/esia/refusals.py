"""What is said at ESIA's door when it does not open: which rule, and what to do next.

Before ESIA has proved who somebody is there are two answers only, and none knows of any account.
"""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """The label is the rule, `advice` what to do next."""

    UNAVAILABLE = "unavailable", _("Gosuslugi does not answer.")
    UNPROVEN = "unproven", _("Gosuslugi did not confirm who you are.")
    DENIED = "denied", _("Your data was not passed on.")
    CANCELLED = "cancelled", _("Your Gosuslugi account has been cancelled.")
    CLOSED = "closed", _("Your account in the portal has been closed.")
    SECOND_IDENTITY = "second-identity", _("Another Gosuslugi account is linked to your file.")
    TWO_PEOPLE = "two-people", _("Your Gosuslugi account is linked to another person’s file.")
    STUDENT_RECORD = "student-record", _("This is a student’s file, and the Gosuslugi account is an adult’s.")
    ADULT_RECORD = "adult-record", _("This is an adult’s file, and the Gosuslugi account is a child’s.")
    OTHER_DATA = "other-data", _("Name or birth date differ in the school’s file and at Gosuslugi.")
    NO_FILE = "no-file", _("This login has no file in a school yet.")
    NOT_IN_FILE = "not-in-file", _("You have registered, but no school’s file was found for you.")
    SECOND_FACTOR = "second-factor", _("This login is guarded by a second factor.")
    LINKED_TO_ANOTHER = (
        "linked-to-another",
        _("Gosuslugi has checked your data now, and the file that was linked is another person’s."),
    )
    LINKING_EXPIRED = "linking-expired", _("Linking took too long, or was finished in another window.")

    @property
    def advice(self) -> Promise:
        return _ADVICE[self]


_ADVICE: dict[str, Promise] = {
    Reason.UNAVAILABLE: _(
        "Nothing is lost. Try again in some minutes, or sign in with the login issued by your school."
    ),
    Reason.UNPROVEN: _(
        "You are not signed in, and nothing has changed: the answer came too late, or could not be trusted. "
        "Begin again; if it happens once more, sign in with the login issued by your school."
    ),
    Reason.DENIED: _(
        "You are not signed in, and nothing has changed. Begin again, and agree to the data being passed on: "
        "without your name the portal cannot find your file."
    ),
    Reason.CANCELLED: _("Restore it at gosuslugi.ru or at an MFC, then sign in again."),
    Reason.CLOSED: _("Ask your school’s administrator: the region’s operator opens it again."),
    Reason.SECOND_IDENTITY: _(
        "Sign in with the Gosuslugi account you used before. If it is no more, ask your school’s "
        "administrator to have the region’s operator end the old link, then sign in again."
    ),
    Reason.TWO_PEOPLE: _(
        "One account opens one file. If two files are yours, ask your school’s administrator to have the "
        "region’s operator merge them."
    ),
    Reason.STUDENT_RECORD: _(
        "Parents do not use the child’s login. Ask the class teacher to check your own name, birth date and "
        "SNILS in the child’s file under «Parents»: then your Gosuslugi account opens the diary by itself."
    ),
    Reason.ADULT_RECORD: _(
        "Sign out of Gosuslugi, and sign in there as the adult. A student links the login from the own slip; "
        "if your SNILS got into a parent’s file, ask the class teacher to correct it."
    ),
    Reason.OTHER_DATA: _(
        "Ask the class teacher, or the school’s administrator, to compare your file with your passport or "
        "birth certificate. After the correction sign in again."
    ),
    Reason.NO_FILE: _("Wait until your registration is approved, then sign in through Gosuslugi again."),
    Reason.NOT_IN_FILE: _(
        "Nobody has to approve the registration. Ask the class teacher to enter your name, birth date and "
        "SNILS as in the passport: a parent’s in the child’s file under «Parents», a student’s in the own "
        "file. Then sign in through Gosuslugi again."
    ),
    Reason.SECOND_FACTOR: _(
        "Sign in with it and the second factor. To have Gosuslugi linked, ask your school’s administrator to "
        "check your name, birth date and SNILS in your file."
    ),
    Reason.LINKED_TO_ANOTHER: _(
        "The link has been ended, and all its sessions with it. Sign in through Gosuslugi again: the portal "
        "looks for your own file. If the file was yours, ask the class teacher to compare it with your "
        "passport first."
    ),
    Reason.LINKING_EXPIRED: _("Begin again: it takes a minute. What is linked already opens at once."),
}


class Refused(Exception):
    """ESIA has proved who somebody is, and a rule keeps the door shut. `oid` is for the journal."""

    def __init__(self, reason: Reason, *, oid: int) -> None:
        super().__init__(reason)
        self.reason, self.oid = reason, oid
