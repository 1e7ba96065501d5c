"""The revisions of an article as lines for a terminal."""

from collections.abc import Iterator, Sequence
from typing import Final

from cli.layout import lay_out
from cli.terminal import Line, styled
from kb.store.revisions import Revision, difference_words, differences
from kb.text.printable import one_line

_INDENT: Final = " " * 12


def revision_lines(revisions: Sequence[Revision], width: int) -> Iterator[Line]:
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
            found = [difference_words(each) for each in differences(revision.article, current)]
            for line in lay_out("; ".join(found) or "says the same", width, _INDENT):
                yield styled(line)


def _and_more(number: int) -> str:
    return f" and {number:,} more" if number > 0 else ""
