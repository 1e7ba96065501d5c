"""Compress an article: its original bytes and its structured record in one Zstandard frame.

The record says of most text where it stands in the original, and repeats other words of it, so one frame for both
costs little more than the original alone. Dictionaries trained on articles of the archive carry what many of them
share (headings, footer, disclaimer, products): kb/frames.py.

Where a file holds many articles, its bytes are kept apart, once. What depends on where a file lies, and what may be
asked for without unpacking, is no part of the frame: path, hash and diagnostics stand in columns.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice, repeat
from typing import Any, Final

from kb.models import AppliesTo, Article, CrossReference, Diagnostic, Fix, Signature, Source
from kb.records import TEXT_FIELDS, article_from_record, article_record
from kb.text.signatures import message_signature

_OLDER: Final = "schema"
"""What only records have that were written when sections had their texts, and nothing was left out that follows."""
_ALL_SIGNATURES: Final = "all_signatures"
"""What a record has where its signatures are others than those of its messages, and codes."""
_WORD_LISTS: Final = ("keywords", "technology", "issue_type", "solution_type", "query_words")
"""Lists that stand as one line in most originals."""
_NONE: Final = Source("", "", "")
_ABSENT: Final[Mapping[str, Any]] = article_record(Article("", "", _NONE))
_EXAMPLE: Final = article_record(
    Article(
        "", "", _NONE, applies_to=(AppliesTo(""),), signatures=(Signature("message", ""),), fix=Fix("resolution", ""),
        cross_references=(CrossReference("", None, "cites"),),
    )
)  # fmt: skip
_ABSENT_IN: Final[Mapping[str, Mapping[str, Any]]] = {
    "fix": _EXAMPLE["fix"], **{name: _EXAMPLE[name][0] for name in ("applies_to", "signatures", "cross_references")},
}  # fmt: skip
"""What an article, and a part of one, has where a record says nothing."""
_LINE_END, _IN_JSON = b"\r\n", rb"\n"
_LINE_ENDS_IN_JSON = 1 << 31
_encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
_encoded_ascii = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode
TRAINING_SAMPLES = 600
"""Fewer articles gain little by a dictionary of this size."""
DICTIONARY_BYTES = 240_000
"""With the content of most articles just below 256 KiB, where Zstandard begins to look for fewer matches."""


def pack(article: Article, original: bytes) -> bytes:
    """Return the uncompressed content of an article: the length of the original, the original, the record as JSON.

    What the record repeats is left out: a section's text that stands in the original is told by the bytes between the
    section before and it, and its own; a text of the record that is also a section's, by that section's number; what
    follows from versions, sections and messages, not at all. Other texts are written as the original has them, so that
    both are compressed once: its line ends as JSON has them (the length's highest bit tells), words of a list with
    blanks between them. Values that are None or [] are left out, and what `unpack_article` is told.
    """
    head, line_end = 0, b"\n"
    if _LINE_END in original:
        line_end = _LINE_END
        if _IN_JSON not in original:
            head, line_end = _LINE_ENDS_IN_JSON, _IN_JSON
            original = original.replace(_LINE_END, _IN_JSON)
    record = article_record(article)
    _without_repeats(record, article)
    _without_texts(record["sections"], original, line_end)
    del record[_OLDER], record["diagnostics"]
    record["source"] = {"form": article.source.form}
    for each in record["signatures"]:
        del each["spellings"]
    others = [each for each in record["signatures"] if each["type"] != "message"]
    if record["signatures"] == [*others, *_of_messages(article.error_messages)]:
        record["signatures"] = others
    else:
        record[_ALL_SIGNATURES] = True
    for name in _ABSENT_IN:
        if record[name]:
            parts = record[name]
            record[name] = _present(parts) if isinstance(parts, dict) else [_present(part) for part in parts]
    for part, name, value in _following(record):
        if part.get(name) == value:
            part.pop(name, None)
        else:
            part.setdefault(name, None)
    for name in _WORD_LISTS:
        joined = " ".join(record[name])
        if joined.split(" ") == record[name]:
            record[name] = joined
    structured = _encoded(_present(record)).encode("utf-8", "surrogatepass")
    return (head | len(original)).to_bytes(4, "little") + original + structured


def _present(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value is not None and value != []}


def unpack_original(content: bytes) -> bytes:
    """Return the original bytes within packed content."""
    head = int.from_bytes(content[:4], "little")
    original = content[4 : 4 + (head & ~_LINE_ENDS_IN_JSON)]
    return original.replace(_IN_JSON, _LINE_END) if head & _LINE_ENDS_IN_JSON else original


def _stored_record(content: bytes) -> dict[str, Any]:
    start = 4 + (int.from_bytes(content[:4], "little") & ~_LINE_ENDS_IN_JSON)
    found: dict[str, Any] = json.loads(content[start:].decode("utf-8", "surrogatepass"))
    return found


def _texts(content: bytes, sections: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the texts of the sections of the record within packed content."""
    line_end = _IN_JSON if int.from_bytes(content[:4], "little") & _LINE_ENDS_IN_JSON else _LINE_END
    end = 4
    for section in sections:
        text = section["text"]
        if not isinstance(text, str):
            start = end + text[0]
            end = start + text[1]
            text = content[start:end].replace(line_end, b"\n").decode("utf-8", "surrogatepass")
        yield text


def unpack_record(content: bytes) -> dict[str, Any]:
    """Return the structured record within packed content, without what stands beside it."""
    stored = _stored_record(content)
    record: dict[str, Any] = {**_ABSENT, **stored}
    for section, text in zip(record["sections"], _texts(content, record["sections"]), strict=True):
        section["text"] = text
    if _OLDER not in stored:
        for part, name, value in _following(record):
            part.setdefault(name, value)
        if not record.pop(_ALL_SIGNATURES, False):
            record["signatures"] = [*record["signatures"], *_of_messages(record["error_messages"])]
    for name, absent in _ABSENT_IN.items():
        if record[name]:
            parts = record[name]
            record[name] = {**absent, **parts} if isinstance(parts, dict) else [{**absent, **part} for part in parts]
    for name in _WORD_LISTS:
        if isinstance(record[name], str):
            record[name] = record[name].split(" ")
    sections = record["sections"]
    for holder, name in _repeating(record):
        if isinstance(holder[name], int):
            holder[name] = sections[holder[name]]["text"]
    # Older versions of the store wrote these down.
    for each in record["signatures"]:
        each["spellings"] = []
    record["source"] = {"path": "", "form": record["source"]["form"], "sha256": ""}
    return record


def unpack_opening(content: bytes) -> tuple[tuple[str, ...], str]:
    """Return of an article within packed content its products and its `opening`, without making the article."""
    record = _stored_record(content)
    sections = record.get("sections", ())
    symptoms, summary = (
        next(islice(_texts(content, sections), text, None)) if isinstance(text, int) else text
        for text in (record.get("symptoms"), record.get("summary"))
    )
    return tuple(record.get("products", ())), opening(symptoms, summary, _texts(content, sections))


def opening(symptoms: str | None, summary: str | None, texts: Iterable[str]) -> str:
    """Return what an article says first: its symptoms, else its summary, else the `texts` of its sections."""
    return symptoms or summary or "\n".join(texts)


def is_same(content: bytes, other: bytes) -> bool:
    """Tell whether two packed contents say the same, whichever version of the store wrote them."""
    return content == other or (
        unpack_original(content) == unpack_original(other) and unpack_record(content) == unpack_record(other)
    )


def _without_repeats(record: dict[str, Any], article: Article) -> None:
    places = {section.text: place for place, section in enumerate(article.sections)}
    for holder, name in _repeating(record):
        place = places.get(holder[name]) if holder[name] else None
        if place is not None:
            holder[name] = place


def _without_texts(sections: Iterable[dict[str, Any]], original: bytes, line_end: bytes) -> None:
    """Put in the place of a text that stands in `original` the number of bytes between the text before and it, and its.

    Not of one that came out otherwise: with a line end that is none, or with what `line_end` stands for.
    """
    end = 0
    for section in sections:
        text = section["text"].encode("utf-8", "surrogatepass")
        if not text or b"\r" in text or (line_end == _IN_JSON and _IN_JSON in text):
            continue
        text = text.replace(b"\n", line_end)
        place = original.find(text, end)
        if place >= 0:
            section["text"] = [place - end, len(text)]
            end = place + len(text)


def _of_messages(messages: Iterable[str]) -> list[dict[str, Any]]:
    """Return what a record has of the signatures of an article's messages, each once."""
    found = dict.fromkeys(signature.value for message in messages if (signature := message_signature(message)))
    return [{"type": "message", "value": value, "source": None} for value in found]


def _following(record: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str, Any]]:
    """Yield what follows from other values of a record: in which part of it, which name, and what value."""
    for part in record.get("applies_to") or ():
        if versions := part.get("versions"):
            yield part, "from", versions[0]
            yield part, "to", versions[-1]
    fix = record.get("fix")
    if fix and isinstance(fix["text"], int):
        yield fix, "section", record["sections"][fix["text"]].get("heading")


def _repeating(record: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield where a record may hold the text of a section: the record or its fix, and the name of the value."""
    yield from zip(repeat(record), TEXT_FIELDS)
    if record["fix"]:
        yield record["fix"], "text"


def unpack_article(content: bytes, path: str, sha256: str, diagnostics: str | None) -> Article:
    """Return the article within packed content; path, hash and packed diagnostics are what stands beside it."""
    record = unpack_record(content)
    record["source"] |= {"path": path, "sha256": sha256}
    article = article_from_record(record)
    return replace(article, diagnostics=unpack_diagnostics(diagnostics)) if diagnostics else article


def pack_diagnostics(diagnostics: Iterable[Diagnostic]) -> str | None:
    """Return diagnostics as JSON for a column, or None where there are none."""
    listed = [[d.level, d.code, d.what, d.line] for d in diagnostics]
    return _encoded_ascii(listed) if listed else None


@lru_cache(1024)
def unpack_diagnostics(packed: str | None) -> tuple[Diagnostic, ...]:
    """Return the diagnostics in a column; most articles have the same as many others."""
    return tuple(Diagnostic(*each) for each in json.loads(packed)) if packed else ()
