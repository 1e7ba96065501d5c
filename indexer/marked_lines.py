"""A text as plain lines of which each tells whether it stands out as a heading, whatever markup it was read from."""

from typing import Final, NamedTuple

# The level of a line that is no heading by its markup but looks like one: bold, a row's label, a class that says so.
STANDS_OUT: Final = 7


class MarkedLine(NamedTuple):
    """One line without markup, indented as in the outline of the text.

    `level` is 1 to 6 for a heading, STANDS_OUT for a line that only looks like one, and 0 for any other.
    """

    text: str
    level: int = 0


BLANK: Final = MarkedLine("")
