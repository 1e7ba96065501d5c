"""Compress many small things that are much alike: Zstandard frames, and dictionaries trained on such things.

A dictionary carries what many of them share. Frames name the one that they need. Where dictionaries are kept, they are
frames themselves; those that older versions kept plain are taken as well.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

import zstandard

_LEVEL: Final = 6
_SEARCH_LOG: Final = 4
"""The logarithm of the places that are compared: one more than the level has, by which articles are 2% smaller.

With both, frames are 3% smaller than at level 5, and compressing takes 60% longer: a fortieth of an import.
"""
_LONG: Final = 2048
"""Bytes that an article or a sequence has about; level and dictionary decide what follows from it."""
_SEGMENT, _MATCH, _HASTE = 1024, 8, 3
"""What zstandard itself finds best for articles when it is asked to try, which takes four times as long.

With less haste, training takes half as long again, and frames are no smaller.
"""
TRAINED_AGAIN: Final = 8192
"""Articles after which an import trains the next dictionary: neighbours say much the same.

With half as many, frames are 2% smaller, but the hits of a search need more dictionaries: 5 ms of a command.
"""
_THREADS: Final = 2
_DESCRIPTOR_PLACE: Final = 4
_SINGLE_WITH_ID: Final = 0b100011
"""Of a frame's descriptor: all is in one segment, and the dictionary's id follows in four bytes."""
_ID_PLACE: Final = 5
_ID_BYTES: Final = 4
_LEVEL_OF_DICTIONARIES: Final = 12
"""Beyond, they are hardly smaller."""


def dictionary_id(dictionary: bytes) -> int:
    """Return the id by which frames name a trained dictionary."""
    return _loaded(dictionary).dict_id()


class Compressor:
    """Makes frames, with checksums, by the dictionary given or trained last, or by none."""

    def __init__(self, dictionary: bytes | None = None) -> None:
        self._since = TRAINED_AGAIN if dictionary is None else 0
        self._use(_loaded(dictionary) if dictionary else None)

    def train(self, samples: Sequence[bytes], least: int, size: int) -> bytes | None:
        """Train a dictionary of `size` bytes on some hundreds of things of the kind that follows, where one is due.

        That is where there is none, or after many more than it was for; and with `least` samples, as fewer gain
        nothing by it. Returns the dictionary, for the caller to keep, or None.
        """
        if self._since < TRAINED_AGAIN or len(samples) < least:
            return None
        trained = zstandard.train_dictionary(size, list(samples), level=_LEVEL, k=_SEGMENT, d=_MATCH, accel=_HASTE)
        self._since = 0
        self._use(trained)
        return zstandard.ZstdCompressor(level=_LEVEL_OF_DICTIONARIES).compress(trained.as_bytes())

    def __call__(self, content: bytes) -> bytes:
        """Return the frame of `content`."""
        self._since += 1
        return self._compress(content)

    def _use(self, trained: zstandard.ZstdCompressionDict | None) -> None:
        if trained is None:
            self._compress = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress
            return
        chosen = zstandard.ZstdCompressionParameters.from_level(
            _LEVEL, source_size=_LONG, dict_size=len(trained), search_log=_SEARCH_LOG,
            write_checksum=True, write_dict_id=True,
        )  # fmt: skip
        trained.precompute_compress(compression_params=chosen)
        self._compress = zstandard.ZstdCompressor(dict_data=trained, compression_params=chosen).compress


class Decompressor:
    """Decompresses frames; `dictionary` gives the dictionary of an id, None where there is none.

    A damaged frame or an unknown dictionary is a ValueError. Several threads may share one.
    """

    def __init__(self, dictionary: Callable[[int], bytes | None]) -> None:
        self._dictionary = dictionary
        self._by_id: dict[int, zstandard.ZstdDecompressor] = {0: zstandard.ZstdDecompressor()}
        # Those of zstandard are for one thread at a time, and let others run meanwhile.
        self._lock = threading.Lock()

    def __call__(self, frame: bytes) -> bytes:
        """Return what is in `frame`."""
        return self.some((frame,))[0]

    def some(self, frames: Iterable[bytes]) -> list[bytes]:
        """Return what is in each of a few frames."""
        try:
            with self._lock:
                return [self._of(_named(frame)).decompress(frame) for frame in frames]
        except zstandard.ZstdError as error:
            raise _unreadable(error) from error

    def every(self, frames: Iterable[bytes]) -> Iterator[bytes]:
        """Yield what is in each of some thousand frames, decompressed in threads."""
        try:
            for wanted, some in groupby(frames, _named):
                with self._lock:
                    found = self._of(wanted).multi_decompress_to_buffer(list(some), threads=_THREADS)
                yield from (found[place].tobytes() for place in range(len(found)))
        except zstandard.ZstdError as error:
            raise _unreadable(error) from error

    def _of(self, wanted: int) -> zstandard.ZstdDecompressor:
        known = self._by_id.get(wanted)
        if known is None:
            data = self._dictionary(wanted)
            if data is None:
                raise _unreadable(f"the dictionary {wanted} is missing")
            known = zstandard.ZstdDecompressor(dict_data=_loaded(data))
            self._by_id[wanted] = known
        return known


def _loaded(dictionary: bytes) -> zstandard.ZstdCompressionDict:
    is_frame = dictionary.startswith(zstandard.FRAME_HEADER)
    return zstandard.ZstdCompressionDict(
        zstandard.ZstdDecompressor().decompress(dictionary) if is_frame else dictionary
    )


def _named(frame: bytes) -> int:
    """Return the id of the dictionary that a frame names, 0 for none (RFC 8878, section 3.1.1.1)."""
    if len(frame) > _ID_PLACE + _ID_BYTES and frame[_DESCRIPTOR_PLACE] & _SINGLE_WITH_ID == _SINGLE_WITH_ID:
        # As all that have a dictionary are written; asking zstandard takes four times as long.
        return int.from_bytes(frame[_ID_PLACE : _ID_PLACE + _ID_BYTES], "little")
    return zstandard.get_frame_parameters(frame).dict_id


def _unreadable(why: object) -> ValueError:
    return ValueError(f"the compressed content cannot be read: {why}")
