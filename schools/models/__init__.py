"""People and their dated ties, organisations, years, classes, courses."""

from schools.models.classes import Course, Group, SchoolClass, Subject, class_label
from schools.models.history import (
    HistoryChain,
    HistoryLink,
    HistoryRetirement,
    HistorySeal,
    SealedHead,
)
from schools.models.organisations import (
    AcademicYear,
    Holiday,
    MovedDay,
    Organisation,
    Term,
    TermClosure,
    YearClosure,
)
from schools.models.people import Person, short_name, sort_key
from schools.models.proposals import TieProposal
from schools.models.region import Locality, Municipality, Region, Territory
from schools.models.sign_ins import SignIn
from schools.models.ties import (
    Appointment,
    ClassTeacher,
    Employment,
    Enrolment,
    GroupMembership,
    Guardianship,
    Information,
    TeachingAssignment,
)

__all__ = [
    "AcademicYear",
    "Appointment",
    "ClassTeacher",
    "Course",
    "Employment",
    "Enrolment",
    "Group",
    "GroupMembership",
    "Guardianship",
    "HistoryChain",
    "HistoryLink",
    "HistoryRetirement",
    "HistorySeal",
    "Holiday",
    "Information",
    "Locality",
    "MovedDay",
    "Municipality",
    "Organisation",
    "Person",
    "Region",
    "SchoolClass",
    "SealedHead",
    "SignIn",
    "Subject",
    "TeachingAssignment",
    "Term",
    "TermClosure",
    "Territory",
    "TieProposal",
    "YearClosure",
    "class_label",
    "short_name",
    "sort_key",
]
