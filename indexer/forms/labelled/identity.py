"""Whose article a page is, and its id: Microsoft's number, another vendor's own id, or a slug.

A page of another vendor may call its id `Article ID: 12345` too. A plain number is Microsoft's only where the page has
words that no other vendor's page has.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from indexer.diagnostics import diagnostic
from indexer.fields.slug import slugify
from indexer.forms.kb_path import page_number
from indexer.forms.labelled.labels import SENTENCE, Label
from indexer.forms.labelled.vocabulary import ANY_NUMBER, FORMER_NUMBER, LETTERED_NUMBER
from kb.models import Diagnostic, RawFile

FOREIGN_ID: Final = re.compile(r"[\[(#]?((?:[A-Za-z]{1,10}[-_ ]?)?\d[\w.-]{3,40})")
NOTHING_LEFT: Final = "article"


@dataclass(frozen=True, slots=True)
class Identity:
    """The id of an article; `numbered` tells that it is Microsoft's own. `notes` say what was guessed."""

    id: str
    numbered: bool
    notes: tuple[Diagnostic, ...] = ()


def stated_number(labels: Sequence[Label], microsofts: bool) -> str | None:
    """Return the digits of Microsoft's number as the page states it, or None."""
    return next(_numbers(labels, microsofts), None)


def foreign_id(labels: Sequence[Label]) -> str | None:
    """Return the id that a page states without being Microsoft's, as written, or None."""
    for label in labels:
        if label.field == "id" and (m := FOREIGN_ID.match(label.value)):
            return m[1]
    return None


def identify(
    labels: Sequence[Label], microsofts: bool, title: str, beside_title: str | None, raw: RawFile, digest: str
) -> Identity:
    """Return the id of a page: stated, in its title, in its path, or made of its title or name."""
    number = stated_number(labels, microsofts)
    if number is not None:
        return Identity(f"Q{int(number)}", True)
    stated = foreign_id(labels)
    notes: tuple[Diagnostic, ...] = ()
    if stated is None and beside_title is not None:
        stated, notes = beside_title, (diagnostic("id-in-title", beside_title),)
        if microsofts and (m := ANY_NUMBER.fullmatch(beside_title)):
            return Identity(f"Q{int(m[1])}", True, notes)
    if stated is None and microsofts and (path := page_number(raw.path)) is not None:
        return Identity(f"Q{int(path)}", True, (diagnostic("id-from-path", path),))
    if stated is not None:
        # A plain number looks like one of Microsoft's; that it was not taken for one is worth knowing.
        if ANY_NUMBER.fullmatch(stated):
            notes = (*notes, diagnostic("other-vendor-id", stated))
        return Identity(slugify(stated), False, notes)
    slug = slugify(title) if title else NOTHING_LEFT
    if slug != NOTHING_LEFT:
        return Identity(slug, False, (diagnostic("id-from-title", slug),))
    slug = slugify(PurePosixPath(raw.name).stem)
    if slug == NOTHING_LEFT:
        slug = f"{NOTHING_LEFT}-{digest[:8]}"
    return Identity(slug, False, (diagnostic("no-id", slug),))


def _numbers(labels: Sequence[Label], microsofts: bool) -> Iterator[str]:
    """Yield the numbers a page states: with a label or letter of Microsoft's, then plain ones, then former ones."""
    for label in labels:
        if label.name != SENTENCE and label.field == "number" and (m := ANY_NUMBER.match(label.value)):
            yield m[1]
        elif label.field == "id" and (m := LETTERED_NUMBER.match(label.value)):
            yield m[0][1:]
    for label in labels:
        if microsofts and label.field == "id" and (m := ANY_NUMBER.match(label.value)):
            yield m[1]
    former = ANY_NUMBER if microsofts else FORMER_NUMBER
    for label in labels:
        if label.name == SENTENCE and label.field == "number" and (m := former.fullmatch(label.value)):
            yield m[1]
