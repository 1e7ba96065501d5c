"""The list of what a page applies to, however it is written: bullets, plain lines, or several names on one line."""

import re
from collections.abc import Container, Sequence
from typing import Final

from indexer.fields.applies_to import ENTRY
from indexer.forms.labelled.headings import is_rule
from indexer.forms.labelled.labels import label_alone, read_labels, read_sentence
from indexer.forms.labelled.vocabulary import LIST_DIVIDERS
from indexer.marked_lines import MarkedLine

LONGEST_ENTRY: Final = 160
# `and`-lists of versions and the end of a name carry on what stands before a comma.
CARRIES_ON: Final = re.compile(
    r"(?:versions?|all|editions?|service packs?|sp|builds?|releases?|updates?|x?\d|v\d|and|or|with|standard|enterprise|"
    r"professional|home|datacenter|workstation|inc|ltd|corp)\b",
    re.IGNORECASE,
)
SENTENCE_END: Final = re.compile(r"(?<!\bInc)(?<!\bCorp)(?<!\bLtd)(?<!\b[A-Z])[.:?!]$")
SEPARATORS: Final = re.compile(r"[ \t]{0,8}[;|•·][ \t]{0,8}|,[ \t]{1,8}")


def split_products(value: str, *, at_commas: bool = True) -> list[str]:
    """Cut a line of several products apart; `Windows 10, version 1809` is one."""
    found: list[str] = []
    comma = False
    start = 0
    pieces: list[tuple[str, bool]] = []
    for m in SEPARATORS.finditer(value):
        pieces.append((value[start : m.start()], comma))
        comma = m[0].lstrip().startswith(",")
        start = m.end()
    pieces.append((value[start:], comma))
    for piece, after_comma in pieces:
        words = piece.strip().rstrip(".")
        if not words:
            continue
        if after_comma and found and (not at_commas or CARRIES_ON.match(words)):
            found[-1] = f"{found[-1]}, {words}"
        else:
            found.append(words)
    return found


def read_list(lines: Sequence[MarkedLine], start: int, headings: Container[int]) -> tuple[list[str], int]:
    """Read the entries of a list that begins at a line; return them as bullets, and the line behind the list.

    No entry and the first line: what stands there is text.
    """
    at = _filled(lines, start)
    if at < len(lines) and ENTRY.match(lines[at].text):
        return _bullets(lines, at, headings)
    return _plain_lines(lines, start, headings)


def _filled(lines: Sequence[MarkedLine], at: int) -> int:
    while at < len(lines) and (not lines[at].text or is_rule(lines[at].text)):
        at += 1
    return at


def _bullets(lines: Sequence[MarkedLine], start: int, headings: Container[int]) -> tuple[list[str], int]:
    entries: list[str] = []
    at, end = start, start
    while at < len(lines) and at not in headings:
        text = lines[at].text
        if not text or is_rule(text):
            at += 1
            continue
        if ENTRY.match(text):
            entries.append(text.rstrip())
        elif text.strip().rstrip(":").casefold() not in LIST_DIVIDERS:
            previous = ENTRY.match(entries[-1])
            hang = previous.start(2) if previous else 0
            wrapped = at == end and len(text) - len(text.lstrip()) >= hang > 0
            if not wrapped or len(entries[-1]) > LONGEST_ENTRY:
                break
            entries[-1] = f"{entries[-1]} {text.strip()}"
        at += 1
        end = at
    return entries, end


def _plain_lines(lines: Sequence[MarkedLine], start: int, headings: Container[int]) -> tuple[list[str], int]:
    entries: list[str] = []
    at, end = start, start
    while at < len(lines) and at not in headings:
        text = lines[at].text.strip()
        if not text or is_rule(text):
            at += 1
            continue
        if not _may_be_entry(text) or (entries and at > end and not text[0].isupper()):
            break
        entries += [f" - {name}" for name in split_products(text)]
        at += 1
        end = at
    if at < len(lines) and at not in headings and len(lines[at].text) > LONGEST_ENTRY and not entries:
        return [], start
    return entries, end


def _may_be_entry(text: str) -> bool:
    if len(text) > LONGEST_ENTRY or SENTENCE_END.search(text) or ENTRY.match(text):
        return False
    return not (read_labels(text) or read_sentence(text) or label_alone(text))
