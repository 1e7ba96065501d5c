"""The revisions of an article as lines for a terminal, and as a JSON record."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich.text import Text

from cli.layout import lay_out
from cli.terminal import styled
from kb.records import SCHEMA, diagnostic_record
from kb.store.revisions import Difference, Revision, differences
from kb.text.printable import one_line

_INDENT: Final = " " * 12
_LONGEST_VALUE: Final = 60


def revision_lines(revisions: Sequence[Revision], width: int) -> Iterator[Text]:
    """Yield each revision, the current one first: date, form, where it is, and in what it differs from that one."""
    current = revisions[0].article
    for revision in revisions:
        mark = "current" if revision.current else "older"
        yield styled(
            f"{revision.date or 'no date':<10}  {mark:<7}  {revision.form}  {revision.sha256[:12]}  "
            f"{one_line(revision.path)}",
            None if revision.current else "quiet",
        )
        others = [path for path in revision.files if path != revision.path]
        if others:
            yield styled(f"{_INDENT}also {one_line(others[0])}{_and_more(len(others) - 1)}", "quiet")
        if not revision.current:
            found = [_words(each) for each in differences(revision.article, current)]
            for line in lay_out("; ".join(found) or "says the same", width, _INDENT):
                yield styled(line)


def revisions_record(article_id: str, revisions: Sequence[Revision]) -> dict[str, Any]:
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


def _words(difference: Difference) -> str:
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


def _and_more(number: int) -> str:
    return f" and {number:,} more" if number > 0 else ""
