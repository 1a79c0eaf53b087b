"""Parameters of a request: each once, or ESIA refuses the request."""

from collections.abc import Mapping

from django.http import QueryDict

from esia_mock.errors import Fault, Refusal


def single(query: QueryDict) -> dict[str, str]:
    """Raises Refusal for a repeated parameter (ESIA-007003)."""
    for name, values in query.lists():
        if len(values) > 1:
            raise Refusal(Fault.BAD_PARAMETER, name)
    return {name: str(value) for name, value in query.items()}


def require(parameters: Mapping[str, str], *names: str) -> None:
    """Raises Refusal that names the first missing one (ESIA-007014)."""
    for name in names:
        if not parameters.get(name):
            raise Refusal(Fault.MISSING_PARAMETER, name)
