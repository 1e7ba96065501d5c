"""What a form of archive is to the rest of the program: something that knows its own files and reads them."""

from collections.abc import Sequence
from typing import Protocol

from kb.models import Article, RawFile


class Form(Protocol):
    """One way in which articles were published.

    A form is asked two questions, in this order:

    1. `recognises(raw)`: is this file mine? Cheap, by the first few thousand bytes; never raises.
    2. `parse(raw)`: the articles in it, in order; one for most forms, many for those that hold a whole volume in a
       file. What cannot be read becomes a diagnostic of the article, never an exception.

    `name` stands in the `source.form` of its articles. No two forms may recognise the same file: make the question
    sharper instead of relying on an order. Only general forms may be less sharp than the others: they are asked, by the
    same rule among themselves, about files that no specific form knows. Articles of Microsoft's knowledge base have the
    collection `microsoft` and an id `Q<digits>`; others leave the collection None and give a slug as id.
    """

    @property
    def name(self) -> str:
        """Return the short name of the form, in lower case with hyphens."""

    def recognises(self, raw: RawFile) -> bool:
        """Tell whether the file is of this form."""

    def parse(self, raw: RawFile) -> Sequence[Article]:
        """Return the articles of the file, in order."""
