"""Text in pieces to plain lines: white space, indentation, bullets, numbers and blank lines as the older articles have.

What reads a markup tells the writer what it meets, in order; the writer knows nothing of tags.
"""

from collections.abc import Sequence
from typing import Final

from indexer.marked_lines import BLANK, STANDS_OUT, MarkedLine

# Deeper nesting is not shown: lines would grow with their depth, and a page with the square of it.
MOST_INDENT: Final = 36
# How far a block stands in that is set off from the text: code, messages, quotations.
SET_OFF: Final = 3
# No title is longer; a bold paragraph is emphasis.
LONGEST_TITLE: Final = 120
# Signs that may stand outside of the bold words of a title.
NEUTRAL: Final = frozenset(":.-\u2013\u2014")
# A preformatted block with a larger part of the page than this is the text itself and is not set off from it.
MAIN_SHARE: Final = 0.5


class LineWriter:
    """Collects the lines of a text.

    `indent` is the column at which the next line begins; `bold` and `level` tell of the text that comes whether it is
    emphasised, and the level of the heading it stands in (0: none). All three are set by the reader of the markup.
    """

    def __init__(self) -> None:
        self.indent = 0
        self.bold = 0
        self.level = 0
        self._lines: list[MarkedLine] = []
        self._parts: list[str] = []
        self._plain = False
        self._line_level = 0
        self._marker: tuple[str, int] | None = None
        self._wants_blank = False
        self._blocks: list[tuple[int, int]] = []

    @property
    def count(self) -> int:
        """Return the number of lines so far; the one that has begun is none of them."""
        return len(self._lines)

    def text(self, piece: str) -> None:
        """Add a piece of running text; white space collapses, within and between pieces."""
        self._parts.append(piece)
        if self.level:
            self._line_level = self.level
        elif not self.bold and not self._plain:
            words = piece.strip()
            self._plain = bool(words) and words not in NEUTRAL

    def line(self) -> None:
        """End the line, if it holds anything."""
        if not self._parts:
            return
        words = " ".join("".join(self._parts).split())
        self._parts = []
        plain, level, self._plain, self._line_level = self._plain, self._line_level, False, 0
        if not words:
            return
        column = min(self.indent, MOST_INDENT)
        if self._marker is not None:
            marker, at = self._marker
            self._marker = None
            self._put(f"{' ' * min(at, MOST_INDENT)}{marker}{words}", 0)
        elif level:
            self._put(" " * column + words, level)
        else:
            stands_out = not plain and len(words) <= LONGEST_TITLE
            self._put(" " * column + words, STANDS_OUT if stands_out else 0)

    def line_break(self) -> None:
        """End the line; after an empty one a blank line follows."""
        before = len(self._lines)
        self.line()
        if len(self._lines) == before:
            self._wants_blank = True

    def paragraph(self) -> None:
        """End the line and leave a blank one below it; not between a bullet and its text."""
        self.line()
        if self._marker is None:
            self._wants_blank = True

    def item(self, marker: str, column: int) -> None:
        """Begin a list item: its first line carries the marker, which stands at a column."""
        self.line()
        self._marker = (marker, column)

    def preformatted(self, text: str) -> None:
        """Add a block as written, set off from the text around it."""
        self.paragraph()
        if not text.strip():
            return
        rows = text.strip("\n").split("\n")
        if self._marker is not None:
            self.text(rows.pop(0))
            self.line()
        if not rows:
            return
        margin = " " * min(self.indent + SET_OFF, MOST_INDENT)
        self._leave_blank()
        if len(margin) == SET_OFF:
            self._blocks.append((len(self._lines), len(rows)))
        self._lines += [MarkedLine((margin + row).rstrip()) for row in rows]
        self._wants_blank = True

    def row(self, text: str) -> None:
        """Add one line as it is, such as a table's row."""
        self.line()
        self._put(" " * min(self.indent, MOST_INDENT) + text, 0)

    def finish(self) -> tuple[MarkedLine, ...]:
        """End the text and return its lines."""
        self.line()
        if self._blocks:
            whole = sum(len(line.text) for line in self._lines)
            for start, count in self._blocks:
                rows = self._lines[start : start + count]
                if sum(len(row.text) for row in rows) > MAIN_SHARE * whole:
                    self._lines[start : start + count] = [MarkedLine(row.text[SET_OFF:]) for row in rows]
        return tuple(self._lines)

    def _put(self, text: str, level: int) -> None:
        self._leave_blank()
        self._lines.append(MarkedLine(text, level))

    def _leave_blank(self) -> None:
        if self._wants_blank and self._lines and self._lines[-1].text:
            self._lines.append(BLANK)
        self._wants_blank = False


def in_columns(rows: Sequence[Sequence[str]], widest: int = 30) -> list[str]:
    """Lay out a table's rows as columns, two spaces apart; a column is padded to `widest` characters at most."""
    count = max((len(row) for row in rows), default=0)
    widths = [min(widest, max((len(row[n]) for row in rows if n < len(row)), default=0)) for n in range(count)]
    return ["  ".join(cell.ljust(widths[n]) for n, cell in enumerate(row)).rstrip() for row in rows]
