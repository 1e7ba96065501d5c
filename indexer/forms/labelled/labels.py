"""The labelled values of a page: `Article ID: 314917 - Last Review: October 11, 2005`, and sentences that hold one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from indexer.forms.labelled.vocabulary import LABELS, SENTENCES, LabelField

# A label and its value; in tables and columns two spaces stand for the colon.
LABELLED: Final = re.compile(
    r"[ \t]{0,40}(?:[-*•|·][ \t]{1,4})?([^\s:：|][^:：|]{0,44}?)[ \t]{0,20}(?:[:：]|\t|[ ]{2})[ \t]*(.*)"
)
# Several on one line stand apart by one of these.
APART: Final = re.compile(r"[ \t]+[|•·–—-][ \t]+|[ \t]*\|[ \t]*|[ ]{3,}|\t+")
# An id of letters and digits needs no label beside others: `CTX123456 | Created: ...`.
ID_ALONE: Final = re.compile(r"[A-Z]{2,10}[-_]?\d{4,12}")
# In columns words run on behind a label's word; a number or a date is a value.
IN_COLUMNS: Final = frozenset({"id", "number", "modified", "created"})
AROUND: Final = " \t*_[]()|"
SEPARATORS: Final = " \t|•·–—-"
COLONS: Final = ":："
# Without case, as words are compared.
FIELDS: Final[dict[str, LabelField]] = {words.casefold(): kind for words, kind in LABELS.items()}
VALUES: Final = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in SENTENCES)
LONGEST_LINE: Final = 600
# The name of a value that a sentence tells, and of one that nothing tells.
SENTENCE: Final = "sentence"
UNLABELLED: Final = ""
SHARE_OF_LINE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Label:
    """A value and what it is; `name` is the label's own words, without case. An empty value stands on the next line."""

    field: LabelField
    value: str
    name: str


def read_labels(text: str) -> tuple[Label, ...]:
    """Return the labelled values of a line, none when it is no such line."""
    if len(text) > LONGEST_LINE:
        return _keywords(text)
    first = _label(text)
    if first is None:
        apart = APART.search(text)
        alone = ID_ALONE.fullmatch(text[: apart.start()].strip()) if apart else None
        if apart is None or alone is None or _label(text[apart.end() :]) is None:
            return ()
        return (Label("id", alone[0], UNLABELLED), *read_labels(text[apart.end() :]))
    return tuple(_without_page_versions(list(_split(text)) or [first]))


def read_sentence(text: str) -> tuple[Label, bool] | None:
    """Return the value that a sentence of the vocabulary holds, and whether the line is hardly more than it."""
    words = text.strip(AROUND)
    if len(text) > LONGEST_LINE:
        return None
    for pattern, field in VALUES:
        m = pattern.search(words) if field == "number" else pattern.match(words)
        if m is not None:
            return Label(field, m[1].strip(), SENTENCE), len(m[0]) >= SHARE_OF_LINE * len(words)
    return None


def label_alone(text: str) -> Label | None:
    """Return the label of a line that holds a label and nothing else; its value stands below."""
    words = " ".join(text.strip(AROUND).rstrip(COLONS + " ").casefold().split())
    field = FIELDS.get(words)
    return Label(field, "", words) if field is not None else None


def _label(text: str) -> Label | None:
    m = LABELLED.fullmatch(text)
    if m is None:
        return None
    name = " ".join(m[1].strip(AROUND).casefold().split())
    field = FIELDS.get(name) or FIELDS.get(f"{name})")
    if field is None or (text[m.end(1) : m.start(2)].isspace() and field not in IN_COLUMNS):
        return None
    return Label(field, m[2].strip(), name)


def _split(text: str) -> Iterator[Label]:
    """Yield the labels of a line that holds several; what stands between two belongs to the first."""
    bounds = [0, *(m.end() for m in APART.finditer(text) if _label(text[m.end() :]) is not None)]
    for start, end in pairwise((*bounds, len(text))):
        label = _label(text[start:end].rstrip(SEPARATORS))
        if label is not None:
            yield label


def _without_page_versions(labels: list[Label]) -> Iterator[Label]:
    """Yield labels; a version beside an id or a date is that of the page, not of a product."""
    beside = any(label.field in ("id", "number", "modified") for label in labels)
    for label in labels:
        if label.field == "versions" and beside:
            yield Label("ignored", label.value, label.name)
        else:
            yield label


def _keywords(text: str) -> tuple[Label, ...]:
    """Return the label of a long line, which only lists of keywords have."""
    first = _label(text[:LONGEST_LINE])
    if first is None or first.field not in ("keywords", "query_words", "technology", "products"):
        return ()
    return (Label(first.field, text[text.index(first.value[:20]) :].strip() if first.value else "", first.name),)
