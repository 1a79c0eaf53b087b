"""The journal in Django admin, to read only (`schools.admin.journal`)."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from diary.models import (
    Absence,
    BehaviourMark,
    CarriedAbsence,
    Correction,
    Homework,
    JournalRules,
    KeepingRemark,
    Mark,
    Point,
    Remark,
    Result,
    ScaleValue,
    Work,
    WorkKind,
)
from schools.admin.journal import EventAdmin, JournalAdmin, events_of, person_named

WorkEvent = events_of(Work, _("change of a work"), _("changes of works"))
MarkEvent = events_of(Mark, _("change of a mark"), _("changes of marks"))
AbsenceEvent = events_of(Absence, _("change of an absence"), _("changes of absences"))
RemarkEvent = events_of(Remark, _("change of a remark"), _("changes of remarks"))
HomeworkEvent = events_of(Homework, _("change of homework"), _("changes of homework"))
KeepingRemarkEvent = events_of(
    KeepingRemark, _("change of a remark on keeping"), _("changes of remarks on keeping")
)

ResultEvent = events_of(Result, _("change of a result"), _("changes of results"))
BehaviourMarkEvent = events_of(
    BehaviourMark, _("change of a behaviour mark"), _("changes of behaviour marks")
)
JournalRulesEvent = events_of(
    JournalRules, _("change of the journal’s rules"), _("changes of the journal’s rules")
)
WorkKindEvent = events_of(WorkKind, _("change of a kind of work"), _("changes of kinds of work"))
PointEvent = events_of(Point, _("change of an owed mark"), _("changes of owed marks"))
CarriedEvent = events_of(
    CarriedAbsence,
    _("change of an absence for the rest of the day"),
    _("changes of absences for the rest of the day"),
)

CorrectionEvent = events_of(Correction, _("change of a correction"), _("changes of corrections"))

COURSE = ("course__subject", "course__school_class", "course__group")
SURNAME = _("The beginning of the surname")


@admin.register(Work)
class WorkAdmin(JournalAdmin):
    events = WorkEvent
    list_display = ("date", "course", "kind", "number", "title")
    list_select_related = (*COURSE, "kind")


@admin.register(Mark)
class MarkAdmin(JournalAdmin):
    events = MarkEvent
    list_display = ("student", "value", "work", "course", "date", "comment", "published_at")
    list_select_related = (
        "student",
        "value",
        "work__kind",
        *(f"work__{path}" for path in COURSE),
    )
    search_fields = ("student__sort_key",)
    search_help_text = SURNAME

    @admin.display(description=_("course"))
    def course(self, obj: Mark) -> str:
        return str(obj.work.course)

    @admin.display(description=_("date"))
    def date(self, obj: Mark) -> Any:
        return obj.work.date


@admin.register(Absence)
class AbsenceAdmin(JournalAdmin):
    events = AbsenceEvent
    list_display = ("student", "code", "minutes", "lesson")
    list_select_related = ("student", *(f"lesson__{path}" for path in COURSE))
    search_fields = ("student__sort_key",)
    search_help_text = SURNAME


@admin.register(Remark)
class RemarkAdmin(JournalAdmin):
    events = RemarkEvent
    list_display = ("student", "kind", "text", "lesson", "by")
    list_select_related = ("student", "by", *(f"lesson__{path}" for path in COURSE))
    search_fields = ("student__sort_key",)
    search_help_text = SURNAME


@admin.register(Homework)
class HomeworkAdmin(JournalAdmin):
    events = HomeworkEvent
    list_display = ("due_on", "course", "__str__", "published_at")
    list_select_related = COURSE


@admin.register(KeepingRemark)
class KeepingRemarkAdmin(JournalAdmin):
    events = KeepingRemarkEvent
    list_display = ("asked_at", "course", "text", "answer", "settled_at")
    list_select_related = COURSE


@admin.register(Result)
class ResultAdmin(JournalAdmin):
    events = ResultEvent
    list_display = ("student", "value", "kind", "term", "course", "suggestion", "average", "reason", "by")
    list_select_related = ("student", "value", "term", "suggestion", "by", *COURSE)


@admin.register(Correction)
class CorrectionAdmin(JournalAdmin):
    events = CorrectionEvent
    list_display = (
        "student",
        "subject",
        "course",
        "term",
        "was",
        "cause",
        "asked_by",
        "approved",
        "decided_by",
    )
    list_select_related = ("student", "term", "asked_by", "decided_by", *COURSE)
    search_fields = ("student__sort_key",)
    search_help_text = SURNAME


@admin.register(Point)
class PointAdmin(JournalAdmin):
    events = PointEvent
    list_display = ("student", "work", "due_on", "by")
    list_select_related = ("student", "work__kind", "by")
    search_fields = ("student__sort_key",)
    search_help_text = SURNAME


@admin.register(BehaviourMark)
class BehaviourMarkAdmin(JournalAdmin):
    events = BehaviourMarkEvent
    list_display = ("student", "value", "term", "school_class", "by")
    list_select_related = ("student", "value", "term", "school_class", "by")
    search_fields = ("student__sort_key",)
    search_help_text = SURNAME


@admin.register(JournalRules)
class JournalRulesAdmin(JournalAdmin):
    events = JournalRulesEvent
    list_display = (
        "organisation",
        "rounds_up_from",
        "fewest_marks",
        "marks_published_at",
        "overdue_points",
        "behaviour",
    )
    list_select_related = ("organisation",)


@admin.register(WorkKind)
class WorkKindAdmin(JournalAdmin):
    events = WorkKindEvent
    list_display = ("code", "name", "weight", "is_test", "organisation")
    list_select_related = ("organisation",)


@admin.register(CarriedAbsence)
class CarriedAbsenceAdmin(JournalAdmin):
    events = CarriedEvent
    list_display = ("student", "lesson", "by", "back_at")
    list_select_related = (
        "student",
        "by",
        *(f"lesson__{path}" for path in COURSE),
        *(f"back_at__{path}" for path in COURSE),
    )
    search_fields = ("student__sort_key",)
    search_help_text = SURNAME


@admin.register(WorkEvent)
class WorkEventAdmin(EventAdmin):
    columns = ("date", "number", "title", "weight")


@admin.register(MarkEvent)
class MarkEventAdmin(EventAdmin):
    """An emptied cell stands here as deleted, with the value it had."""

    columns: tuple[str, ...] = ("student_then", "value_then", "comment")
    search_fields = ("student__sort_key",)
    search_help_text = SURNAME

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        values = ScaleValue.objects.filter(pk=OuterRef("value_id")).values("text")
        rows = super().get_queryset(request)
        return rows.annotate(student_then=person_named("student_id"), value_then=Subquery(values))

    @admin.display(description=_("student"))
    def student_then(self, obj: Any) -> str:
        return obj.student_then or ""

    @admin.display(description=_("mark"))
    def value_then(self, obj: Any) -> str:
        return obj.value_then or ""


@admin.register(AbsenceEvent)
class AbsenceEventAdmin(EventAdmin):
    columns: tuple[str, ...] = ("student_then", "code", "minutes")
    search_fields = ("student__sort_key",)
    search_help_text = SURNAME

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(student_then=person_named("student_id"))

    @admin.display(description=_("student"))
    def student_then(self, obj: Any) -> str:
        return obj.student_then or ""


@admin.register(RemarkEvent)
class RemarkEventAdmin(AbsenceEventAdmin):
    columns = ("student_then", "kind", "text")


@admin.register(HomeworkEvent)
class HomeworkEventAdmin(EventAdmin):
    columns = ("due_on", "text")


@admin.register(KeepingRemarkEvent)
class KeepingRemarkEventAdmin(EventAdmin):
    columns = ("text", "answer")


@admin.register(ResultEvent)
class ResultEventAdmin(MarkEventAdmin):
    columns: tuple[str, ...] = ("student_then", "value_then", "kind", "average", "reason")


@admin.register(BehaviourMarkEvent)
class BehaviourMarkEventAdmin(MarkEventAdmin):
    columns: tuple[str, ...] = ("student_then", "value_then")


@admin.register(JournalRulesEvent)
class JournalRulesEventAdmin(EventAdmin):
    columns = ("rounds_up_from", "fewest_marks", "marks_published_at", "overdue_points", "behaviour")


@admin.register(WorkKindEvent)
class WorkKindEventAdmin(EventAdmin):
    columns = ("code", "name", "weight", "is_test")


@admin.register(PointEvent)
class PointEventAdmin(AbsenceEventAdmin):
    columns = ("student_then", "due_on")


@admin.register(CorrectionEvent)
class CorrectionEventAdmin(AbsenceEventAdmin):
    columns = ("student_then", "subject", "was", "cause", "approved")


@admin.register(CarriedEvent)
class CarriedEventAdmin(AbsenceEventAdmin):
    columns = ("student_then",)
