"""Compress an article: its original bytes and its structured record in one Zstandard frame.

The record repeats the text of the original, so one frame for both costs little more than the original alone. A
dictionary trained on the first articles of an archive carries what all of them share (headings, footer, disclaimer).

Where a file holds many articles, its bytes are kept apart, once. What depends on where a file lies, and what may be
asked for without unpacking, is no part of the frame: path and diagnostics stand in columns.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import zstandard

from kb.models import Article, Diagnostic
from kb.records import article_from_record, article_record

_LEVEL = 6
_encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
_DICTIONARY_BYTES = 110_000
_SEGMENT, _MATCH = 1024, 8
"""What zstandard itself finds best for articles when it is asked to try, which takes four times as long."""
TRAINING_SAMPLES = 600
"""Enough articles for a dictionary of this size; more did not make frames smaller."""


def pack(article: Article, original: bytes) -> bytes:
    """Return the uncompressed content of an article: the length of the original, the original, the record as JSON."""
    record = article_record(article)
    record["source"]["path"] = ""
    record["diagnostics"] = []
    structured = _encoded(record)
    return len(original).to_bytes(4, "little") + original + structured.encode("utf-8", "surrogatepass")


def unpack_original(content: bytes) -> bytes:
    """Return the original bytes within packed content."""
    return content[4 : 4 + int.from_bytes(content[:4], "little")]


def unpack_record(content: bytes) -> dict[str, Any]:
    """Return the structured record within packed content."""
    start = 4 + int.from_bytes(content[:4], "little")
    record: dict[str, Any] = json.loads(content[start:].decode("utf-8", "surrogatepass"))
    return record


def unpack_article(content: bytes, path: str, diagnostics: str | None) -> Article:
    """Return the article within packed content, with the path and the packed diagnostics that stand beside it."""
    article = article_from_record(unpack_record(content))
    return replace(article, source=replace(article.source, path=path), diagnostics=unpack_diagnostics(diagnostics))


def pack_diagnostics(diagnostics: Iterable[Diagnostic]) -> str | None:
    """Return diagnostics as JSON for a column, or None where there are none."""
    listed = [[d.level, d.code, d.what, d.line] for d in diagnostics]
    return json.dumps(listed, separators=(",", ":")) if listed else None


def unpack_diagnostics(packed: str | None) -> tuple[Diagnostic, ...]:
    """Return the diagnostics in a column."""
    return tuple(Diagnostic(*each) for each in json.loads(packed)) if packed else ()


def compress_original(data: bytes) -> bytes:
    """Return a file's bytes as a frame that needs no dictionary."""
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(data)


def train_dictionary(samples: Sequence[bytes]) -> bytes:
    """Return a dictionary for content like the `samples` (packed contents)."""
    trained = zstandard.train_dictionary(_DICTIONARY_BYTES, list(samples), level=_LEVEL, k=_SEGMENT, d=_MATCH)
    return trained.as_bytes()


def compressor(dictionary: bytes | None) -> Callable[[bytes], bytes]:
    """Return a function that compresses packed content; frames name the dictionary that they need."""
    trained = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=trained, write_checksum=True).compress


class Decompressor:
    """Decompresses frames, whichever of the store's dictionaries they were made with."""

    def __init__(self, dictionaries: Sequence[bytes]) -> None:
        self._by_id: dict[int, zstandard.ZstdDecompressor] = {0: zstandard.ZstdDecompressor()}
        for data in dictionaries:
            trained = zstandard.ZstdCompressionDict(data)
            self._by_id[trained.dict_id()] = zstandard.ZstdDecompressor(dict_data=trained)

    def __call__(self, frame: bytes) -> bytes:
        """Return the packed content of `frame`; a damaged frame or an unknown dictionary is a ValueError."""
        try:
            wanted = zstandard.get_frame_parameters(frame).dict_id
            return self._by_id[wanted].decompress(frame)
        except (zstandard.ZstdError, KeyError) as error:
            raise ValueError(f"the compressed content cannot be read: {error}") from error
