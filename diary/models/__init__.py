"""The journal: works and marks on scales, absences, homework, results."""

from diary.models.corrections import LONGEST_REASON, Correction
from diary.models.homework import Homework, HomeworkAddressee
from diary.models.points import Point
from diary.models.results import BehaviourMark, Result
from diary.models.roll import LONGEST_REMARK, Absence, Remark
from diary.models.rules import JournalRules
from diary.models.saving import SavedEntry
from diary.models.scales import CourseGrading, Named, Scale, ScaleValue
from diary.models.works import LONGEST_COMMENT, Mark, Work, WorkKind, weight_in_force

__all__ = [
    "LONGEST_COMMENT",
    "LONGEST_REASON",
    "LONGEST_REMARK",
    "Absence",
    "BehaviourMark",
    "Correction",
    "CourseGrading",
    "Homework",
    "HomeworkAddressee",
    "JournalRules",
    "Mark",
    "Named",
    "Point",
    "Remark",
    "Result",
    "SavedEntry",
    "Scale",
    "ScaleValue",
    "Work",
    "WorkKind",
    "weight_in_force",
]
