"""The contents that one article has had: where each is, and in what it differs from the one that is shown."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from kb.models import Article, Diagnostic
from kb.records import SCHEMA, Record, diagnostic_record
from kb.text.printable import one_line

Change = Literal["lacks", "adds", "differs", "spaces"]
_COMPARED: Final = (
    "title", "date", "category", "product", "versions", "products", "environments", "keywords", "technology",
    "issue_type", "solution_type", "query_words",
)  # fmt: skip
_LONGEST_VALUE: Final = 60


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


def revisions_record(article_id: str, revisions: Sequence[Revision]) -> Record:
    """Return the revisions of an article as a JSON-ready record."""
    current = revisions[0].article
    return {
        "schema": SCHEMA,
        "id": article_id,
        "revisions": [
            {
                "current": revision.current,
                "date": revision.date,
                "form": revision.form,
                "sha256": revision.sha256,
                "path": revision.path,
                "files": list(revision.files),
                "diagnostics": [diagnostic_record(each) for each in revision.diagnostics],
                "differences": [
                    {
                        "field": each.field,
                        "heading": each.heading,
                        "change": each.change,
                        "here": each.here,
                        "current": each.current,
                    }
                    for each in differences(revision.article, current)
                ],
            }
            for revision in revisions
        ],
    }


def difference_words(difference: Difference) -> str:
    """Return one difference as words: what the older revision has, then what the current one has."""
    if difference.heading is not None:
        name = one_line(difference.heading)
        if difference.change == "lacks":
            return f"has no {name}"
        if difference.change == "adds":
            return f"has {name} ({_lines(difference.here)})"
        if difference.change == "spaces":
            return f"{name} differs in spaces only"
        return f"{name} has {_lines(difference.here)} of its own and lacks {difference.current:,}"
    name = difference.field.replace("_", " ")
    here, there = _value(difference.here), _value(difference.current)
    if difference.change == "lacks":
        return f"has no {name} ({there})"
    if difference.change == "adds":
        return f"has {name} {here}"
    return f"{name} is {here}, not {there}"


def _lines(number: int) -> str:
    return f"{number:,} line{'s' if number != 1 else ''}"


def _value(value: Any) -> str:
    text = one_line(", ".join(value) if isinstance(value, list) else str(value or ""))
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1].rstrip()}…"


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
