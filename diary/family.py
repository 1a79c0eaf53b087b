"""What every page of a family begins with: whose diary it is, and the tabs to the other children."""

import datetime
from typing import Any

from django.http import Http404
from django.urls import reverse

from schools.capacities import Kind
from schools.family import Child, child_tabs, children_of
from schools.models import Information


def family_of(user: Any, student_pk: int | None, *, on: datetime.date) -> tuple[list[Child], Child]:
    """The children whose diary the account reads, and the one the address names (the oldest without a
    name). Two statements at most. Raises Http404: anybody else's child does not exist."""
    children = children_of(user, on=on)
    return children, chosen_child(children, student_pk)


def family_shown(
    user: Any, student_pk: int | None, *kinds: Information, on: datetime.date
) -> tuple[list[Child], Child]:
    """The same, of the children about whom the account is granted one of these kinds of information; the
    one whose page opens first without a name."""
    children = [child for child in children_of(user, on=on) if any(map(child.shows, kinds))]
    return children, chosen_child(own_first(children, user), student_pk)


def chosen_child(children: list[Child], student_pk: int | None) -> Child:
    chosen = [child for child in children if student_pk in (None, child.student.pk)]
    if not chosen:
        raise Http404
    return chosen[0]


def own_first(children: list[Child], user: Any) -> list[Child]:
    """Whose page opens first: the own one for who chose to be here as a student, a child's for a parent."""
    chosen, own = user.acting and user.acting.kind, user.person.pk
    if chosen is None:
        return children
    return sorted(children, key=lambda child: (child.student.pk == own) != (chosen == Kind.STUDENT))


def student_label(child: Child) -> dict[str, str]:
    return {
        "label": child.student.first_name,
        "full_name": child.student.roll_name,
        "class_label": child.school_class.label,
    }


def tabs_of(children: list[Child], current: Child, url_name: str, *rest: Any) -> list[dict[str, Any]]:
    """The same page of each child: `url_name` takes the student's key and then `rest`."""
    return child_tabs(
        children,
        lambda child: reverse(url_name, args=[child.student.pk, *filter(None, rest)]),
        current=lambda child: child is current,
    )


def framed(children: list[Child], current: Child, url_name: str, *rest: Any) -> dict[str, Any]:
    """What a page needs to say whose it is; arguments as of `tabs_of`."""
    return {
        "student": student_label(current),
        "children": tabs_of(children, current, url_name, *rest),
    }


def with_badges(
    tabs: list[dict[str, Any]], children: list[Child], news: dict[int, list[Any]]
) -> list[dict[str, Any]]:
    """The tabs of other children say how much is new there; what is open shows it itself."""
    return [
        {**tab, "badge": 0 if tab["current"] else len(news.get(child.student.pk, ()))}
        for tab, child in zip(tabs, children, strict=True)
    ]
