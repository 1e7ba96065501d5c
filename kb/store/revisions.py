"""The contents that one article has had: where each is, and in what it differs from the one that is shown."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from kb.models import Article, Diagnostic

Change = Literal["lacks", "adds", "differs", "spaces"]
_COMPARED: Final = (
    "title", "date", "category", "product", "versions", "products", "environments", "keywords", "technology",
    "issue_type", "solution_type", "query_words",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, or one section, in which an older content differs from the current one.

    `change`: it `lacks` what the current one has, `adds` what that has not, `differs`, or differs in white `spaces`
    only. `here` and `current` are the values of a field; of a section, named by `heading`, the numbers of lines that
    stand in one of the two only.
    """

    field: str
    change: Change
    heading: str | None
    here: Any
    current: Any


@dataclass(frozen=True, slots=True)
class Revision:
    """One content of an article.

    `current` is the one that is shown. `path` is where it was read, `files` are all files known to hold it; none
    where it was overwritten, or came from standard input.
    """

    sha256: str
    part: int
    date: str | None
    form: str
    path: str
    current: bool
    files: tuple[str, ...]
    article: Article
    diagnostics: tuple[Diagnostic, ...]


def differences(article: Article, current: Article) -> Iterator[Difference]:
    """Yield in what `article` differs from the `current` content of the same id: fields as stated, then sections."""
    for name in _COMPARED:
        here, there = getattr(article, name), getattr(current, name)
        if here != there:
            yield Difference(name, _change(here, there), None, _plain(here), _plain(there))
    texts, others = _sections(article), _sections(current)
    for heading in dict.fromkeys((*others, *texts)):
        text, other = texts.get(heading), others.get(heading)
        if text != other:
            lines, more = Counter((text or "").splitlines()), Counter((other or "").splitlines())
            yield Difference("sections", _change(text, other), heading, (lines - more).total(), (more - lines).total())


def _sections(article: Article) -> dict[str, str]:
    """Return the article's text by heading, in order; parts under one heading are one text."""
    found: dict[str, str] = {}
    for section in article.sections:
        heading = section.heading or section.kind
        found[heading] = f"{found[heading]}\n{section.text}" if heading in found else section.text
    return found


def _change(here: Any, current: Any) -> Change:
    if not here:
        return "lacks"
    if not current:
        return "adds"
    return "spaces" if _without_spaces(here) == _without_spaces(current) else "differs"


def _without_spaces(value: Any) -> str:
    return "".join("".join(value).split()) if not isinstance(value, str) else "".join(value.split())


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
