"""What a school sets about marks, and the weights of kinds of work (rules.md: "a setting, never code")."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Case, Max, Value, When

from diary.models import JournalRules, Work, WorkKind
from schedule.order import hold_lessons
from schools.deadlocks import again_after_deadlock
from schools.models import Organisation


class NothingCounts(ValueError):
    """With all weights at 0 no mark would count and no average exist. No constraint holds this, for it is
    of a school's kinds together and of the portal's that it has not replaced."""


def rules_to_change(organisation: Organisation) -> JournalRules:
    """The school's, held until the transaction ends, or the defaults with version 0 to begin with."""
    found = JournalRules.objects.select_for_update().filter(organisation=organisation).first()
    return found or JournalRules(organisation=organisation, version=0)


@again_after_deadlock
@transaction.atomic
def set_weights(organisation: Organisation, weights: Mapping[int, Decimal]) -> None:
    """By the kinds' keys. It is for the terms that are open: works of closed ones keep their weight.

    A kind that came with the portal is replaced by the school's own, and the works of open terms with it.
    Raises NothingCounts.
    """
    replaced: dict[int, int] = {}
    kinds = list(WorkKind.objects.of(organisation.pk))
    if not any(weights.get(kind.pk, kind.weight) for kind in kinds):
        raise NothingCounts
    for kind in kinds:
        weight = weights.get(kind.pk, kind.weight)
        if weight == kind.weight:
            continue
        if kind.organisation_id:
            WorkKind.objects.filter(pk=kind.pk).update(weight=weight)
        else:
            replaced[kind.pk] = _make_own(organisation, kind, weight).pk
    if replaced:
        _replace(organisation, replaced)


def _make_own(organisation: Organisation, kind: WorkKind, weight: Decimal) -> WorkKind:
    return WorkKind.objects.create(
        organisation=organisation,
        code=kind.code,
        name=kind.name,
        name_en=kind.name_en,
        weight=weight,
        is_test=kind.is_test,
        order=kind.order,
    )


def _replace(organisation: Organisation, replaced: Mapping[int, int]) -> None:
    """Keys of the portal's kinds by those of the school's, in the order of `schedule.order`."""
    # What was closed before weights were kept stays with the portal's kind, whose weight nobody changes.
    in_open_terms = Work.objects.filter(kind__in=replaced, weight=None, course__organisation=organisation)
    in_open_terms = in_open_terms.exclude(lesson__term__closure__isnull=False)
    closed = organisation.term_set.filter(closure__isnull=False)
    for since, until in closed.values_list("since", "until"):
        in_open_terms = in_open_terms.exclude(lesson=None, date__range=(since, until))
    with connection.cursor() as cursor:
        # Half the time of a school's thousands of works: see demo/copying.py, `prepare_history`.
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    hold_lessons(in_open_terms.values("lesson"))
    own = Case(*(When(kind=old, then=Value(new)) for old, new in replaced.items()))
    courses = in_open_terms.order_by("course_id").values_list("course_id", flat=True).distinct()
    for course in list(courses):
        in_open_terms.filter(course=course).update(kind=own)


@transaction.atomic
def add_kind(organisation: Organisation, kind: WorkKind) -> None:
    """After the others. Raises IntegrityError for a letter that is taken."""
    last = WorkKind.objects.of(organisation.pk).aggregate(last=Max("order"))["last"] or 0
    kind.organisation, kind.order = organisation, last + 1
    kind.save()
