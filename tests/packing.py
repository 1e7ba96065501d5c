"""Archives for tests, packed in memory."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import py7zr
import zstandard

COMPRESSORS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor().compress,
}


def tarred(files: Mapping[str, bytes]) -> bytes:
    """Return a tar archive; names may hold bytes that are no UTF-8, as surrogates."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", errors="surrogateescape") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def seven_zipped(files: Mapping[str, bytes], password: str | None = None, *, lock_header: bool = False) -> bytes:
    """Return a 7z archive, with a password encrypted, its table of contents too if `lock_header`."""
    packed = io.BytesIO()
    with py7zr.SevenZipFile(packed, "w", password=password, header_encryption=lock_header) as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return packed.getvalue()


def raw_zip(members: Iterable[tuple[bytes, bytes, int, int]]) -> bytes:
    """Return a zip archive of (name, stored content, flags, method), as tools write it that Python's does not imitate.

    The content is taken as packed already; with flag 8, its checksum and lengths follow it.
    """
    out, directory = io.BytesIO(), io.BytesIO()
    count = 0
    for name, packed, flags, method in members:
        data = zlib.decompress(packed, -15) if method == 8 else packed
        sizes = (zlib.crc32(data), len(packed), len(data))
        offset = out.tell()
        first = (0, 0, 0) if flags & 8 else sizes
        out.write(
            struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, flags, method, 0, 0, *first, len(name), 0) + name + packed
        )
        if flags & 8:
            out.write(struct.pack("<4s3L", b"PK\x07\x08", *sizes))
        directory.write(
            struct.pack(
                "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, flags, method, 0, 0, *sizes, len(name), 0, 0, 0, 0, 0, offset
            )
            + name
        )
        count += 1
    start, table, stated = out.tell(), directory.getvalue(), count % 0x10000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, stated, stated, len(table), start, 0)
    return out.getvalue() + table + end


def deflated(data: bytes) -> bytes:
    """Return bytes as a zip archive's member has them."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()
