"""Compress an article: its original bytes and its structured record in one Zstandard frame.

The record repeats the text of the original, so one frame for both costs little more than the original alone. A
dictionary trained on the first articles of an archive carries what all of them share (headings, footer, disclaimer).
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import zstandard

_LEVEL = 6
_DICTIONARY_BYTES = 110_000
TRAINING_SAMPLES = 600
"""Enough articles for a dictionary of this size; more did not make frames smaller."""


def pack(record: dict[str, Any], original: bytes) -> bytes:
    """Return the uncompressed content of an article: the length of the original, the original, the record as JSON."""
    structured = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return len(original).to_bytes(4, "little") + original + structured


def unpack_original(content: bytes) -> bytes:
    """Return the original bytes within packed content."""
    return content[4 : 4 + int.from_bytes(content[:4], "little")]


def unpack_record(content: bytes) -> dict[str, Any]:
    """Return the structured record within packed content."""
    start = 4 + int.from_bytes(content[:4], "little")
    record: dict[str, Any] = json.loads(content[start:].decode("utf-8", "surrogatepass"))
    return record


def richness(content: bytes) -> int:
    """Return how many fields of the article in packed content hold anything; forms differ in what they have lost."""
    return sum(bool(value) for name, value in unpack_record(content).items() if name not in ("source", "diagnostics"))


def train_dictionary(samples: Sequence[bytes]) -> bytes:
    """Return a dictionary for content like the `samples` (packed contents)."""
    return zstandard.train_dictionary(_DICTIONARY_BYTES, list(samples), level=_LEVEL).as_bytes()


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
