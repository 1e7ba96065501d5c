"""Pack a posting list into bytes and back, without loss of ids and of 32-bit weights.

    header   width of a gap in bytes, kind of weights, number of postings, first id (little-endian, 1 1 4 4 bytes)
    gaps     each id but the first as its distance from the one before it
    weights  TABLE: their number less one, the different weights ascending, then a byte a posting that picks one of them
             (no bytes if all are the same); FLOATS, if more than 256 differ: one after the other

Most lists hold few different weights, and neighbours are near: about 3 bytes a posting on the archive, against 8.
"""

import struct
import sys
from array import array
from itertools import accumulate, repeat
from operator import sub
from typing import Final

_HEADER: Final = struct.Struct("<BBII")
_TABLE: Final = 0
_FLOATS: Final = 1
_GAP_CODES: Final = {1: "B", 2: "H", 4: "I"}
_TABLE_LIMIT: Final = 256


def pack(ids: "array[int]", weights: "array[float]") -> bytes:
    """Pack a list of at least one posting; ids ascend, and there are as many weights (typecode f) as ids."""
    gaps = list(map(sub, ids[1:], ids))
    widest = max(gaps, default=0)
    width = 1 if widest < 1 << 8 else 2 if widest < 1 << 16 else 4
    table = sorted(set(weights))
    if len(table) > _TABLE_LIMIT:
        kind, packed = _FLOATS, _to_bytes(weights)
    else:
        kind, packed = _TABLE, bytes([len(table) - 1]) + _to_bytes(array("f", table))
        if len(table) > 1:
            packed += bytes(map({weight: code for code, weight in enumerate(table)}.__getitem__, weights))
    return _HEADER.pack(width, kind, len(ids), ids[0]) + _to_bytes(array(_GAP_CODES[width], gaps)) + packed


def unpack(data: bytes) -> tuple[list[int], list[float]]:
    """Give back the ids and the weights of a packed list."""
    width, kind, count, first = _HEADER.unpack_from(data)
    after_gaps = _HEADER.size + width * (count - 1)
    ids = list(accumulate(_from_bytes(_GAP_CODES[width], data[_HEADER.size : after_gaps]), initial=first))
    if kind == _FLOATS:
        return ids, list(_from_bytes("f", data[after_gaps:]))
    after_table = after_gaps + 1 + 4 * (data[after_gaps] + 1)
    table = _from_bytes("f", data[after_gaps + 1 : after_table])
    if len(table) == 1:
        return ids, list(repeat(table[0], count))
    return ids, list(map(table.__getitem__, data[after_table:]))


def _to_bytes(values: "array[int] | array[float]") -> bytes:
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values.tobytes()


def _from_bytes(code: str, data: bytes) -> "array[float]":
    values: array[float] = array(code)
    values.frombytes(data)
    if sys.byteorder == "big":
        values.byteswap()
    return values
