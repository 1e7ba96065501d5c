"""Which of an article's revisions is the article: a question with one answer, whatever was imported first.

In this order: one that a known file still holds stands above one that was overwritten in its place; the newer date;
the form that states more; the form that is more faithful to the letter; more text; and, so that nothing is left to
chance, the hash of its file.

What a form states says what it has lost, in each article anew: the public mirror's pages have no category, a text whose
end was cut off has no footer. Fields that are derived from the text are not counted, for a garbled text may give more
of them. Of 1,500 articles in three forms, the text states one field more than either page every time.
"""

from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from kb.models import Article

_STATED: Final = (
    "title", "date", "category", "product", "versions", "products", "environments", "keywords", "technology",
    "issue_type", "solution_type", "query_words", "sections",
)  # fmt: skip
# Where forms state the same. The mirror dropped a leading space of each line in both of its forms; its HTML has
# typographic quotes in titles besides.
_stated = attrgetter(*_STATED)
_FAITHFUL: Final = {"kb-text": 2, "kb-markdown": 1, "kb-html": 0}
_OTHER: Final = 1
_BLANKS: Final = bytes(byte for byte in range(128) if chr(byte).isspace())


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """What revisions of one article are compared by; the greatest is the article. Fields in order of weight."""

    provided: bool
    date: str
    fields: int
    faithful: int
    letters: int
    sha256: str
    part: int


def stated_fields(article: Article) -> int:
    """Return how many of the fields that an article may state it does state."""
    return sum(map(bool, _stated(article)))


def letters(article: Article) -> int:
    """Return how many characters the article's text has, white space left out."""
    texts = [part for section in article.sections for part in (section.heading or "", section.text)]
    text = "\n".join(texts)
    # Dropping bytes is faster than splitting, and most texts can have no other blanks.
    return len(text.encode().translate(None, _BLANKS)) if text.isascii() else len("".join(text.split()))


def faithful(form: str) -> int:
    """Return the place of a form among those that state the same; higher is better."""
    return _FAITHFUL.get(form, _OTHER)
