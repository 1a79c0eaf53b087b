"""The journal: works and marks on scales, absences, homework, results."""

from diary.models.carried import CarriedAbsence
from diary.models.corrections import LONGEST_REASON, Correction
from diary.models.feeds import CalendarFeed
from diary.models.homework import Homework, HomeworkAddressee, HomeworkFile, HomeworkLink
from diary.models.keeping import KeepingRemark
from diary.models.notes import LONGEST_NOTE, LONGEST_REFUSAL, AbsenceNote, NoteOutcome
from diary.models.phrases import Phrase
from diary.models.points import Point
from diary.models.programme import LessonProgramme, Topic, TopicTaught
from diary.models.results import BehaviourMark, Result
from diary.models.roll import LONGEST_REMARK, Absence, Remark
from diary.models.rules import JournalRules
from diary.models.saving import SavedEntry
from diary.models.scales import CourseGrading, Named, Scale, ScaleValue, local_name
from diary.models.standing import StandingOptOut
from diary.models.visits import Visit
from diary.models.works import LONGEST_COMMENT, Mark, Work, WorkKind, weight_in_force

__all__ = [
    "LONGEST_COMMENT",
    "LONGEST_NOTE",
    "LONGEST_REASON",
    "LONGEST_REFUSAL",
    "LONGEST_REMARK",
    "Absence",
    "AbsenceNote",
    "BehaviourMark",
    "CalendarFeed",
    "CarriedAbsence",
    "Correction",
    "CourseGrading",
    "Homework",
    "HomeworkAddressee",
    "HomeworkFile",
    "HomeworkLink",
    "JournalRules",
    "KeepingRemark",
    "LessonProgramme",
    "Mark",
    "Named",
    "NoteOutcome",
    "Phrase",
    "Point",
    "Remark",
    "Result",
    "SavedEntry",
    "Scale",
    "ScaleValue",
    "StandingOptOut",
    "Topic",
    "TopicTaught",
    "Visit",
    "Work",
    "WorkKind",
    "local_name",
    "weight_in_force",
]
