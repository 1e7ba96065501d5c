"""What went wrong with a request, in one shape for pages and API (RFC 9457), made of the errors of the library."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from kb.errors import BadInput, KbError, UnknownArticle
from kb.text.printable import one_line

MEDIA_TYPE: Final = "application/problem+json"
# RFC 9110 names them so; Python below 3.13 has their older names.
_TITLES: Final = {413: "Content Too Large", 414: "URI Too Long", 422: "Unprocessable Content"}


class Problem(Exception):
    """A request that cannot be answered: status, what went wrong, the next step; `headers` go with the reply."""

    def __init__(
        self, status: int, what: str, next_step: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(what)
        self.status = status
        self.what = what
        self.next_step = next_step
        self.headers = dict(headers or {})

    @property
    def title(self) -> str:
        """Return what the status is called."""
        return _TITLES.get(self.status) or HTTPStatus(self.status).phrase


def problem_of(error: KbError) -> Problem:
    """Return an expected failure of the library as a reply."""
    if isinstance(error, UnknownArticle):
        status = 404
    elif isinstance(error, BadInput):
        status = 422
    else:
        status = 503
    return Problem(status, error.what, error.next_step)


def problem_record(problem: Problem) -> dict[str, Any]:
    """Return a problem as RFC 9457 has it, with `next_step` beside it."""
    record = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": one_line(problem.what),
    }
    return record | ({"next_step": one_line(problem.next_step)} if problem.next_step else {})
