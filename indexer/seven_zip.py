"""The door to py7zr: the members of a .7z archive, one after the other.

py7zr pushes what it unpacks, the import pulls: a thread unpacks into a short queue, so that few members at a time are
in memory whatever the archive's size.
"""

import queue
import threading
from collections.abc import Iterator
from typing import BinaryIO, Final

import py7zr
from py7zr.io import Py7zIO, WriterFactory

_WAITING: Final = 64
_ABANDONED: Final = 0.2
"""Seconds after which a blocked unpacker looks whether anybody still reads."""

Member = tuple[str, bytes | str]


def seven_zip_members(stream: BinaryIO, largest: int) -> Iterator[Member]:
    """Yield name and bytes of every file in the archive, or name and reason (str) where it cannot be read.

    A reason with an empty name concerns the archive as a whole. Files of more than `largest` bytes are not kept.
    """
    handover = _Handover()
    worker = threading.Thread(target=_unpack, args=(stream, largest, handover), daemon=True)
    worker.start()
    try:
        while (member := handover.waiting.get()) is not None:
            yield member
    finally:
        handover.abandoned.set()
        worker.join()


class _Handover:
    """The queue between the unpacking thread and the reader; None ends it."""

    def __init__(self) -> None:
        self.waiting: queue.Queue[Member | None] = queue.Queue(_WAITING)
        self.abandoned = threading.Event()

    def put(self, member: Member | None) -> None:
        while not self.abandoned.is_set():
            try:
                self.waiting.put(member, timeout=_ABANDONED)
            except queue.Full:
                continue
            return


class _File(Py7zIO):
    """Collects one member in memory and hands it over when py7zr closes it."""

    def __init__(self, name: str, largest: int, handover: _Handover) -> None:
        self._name = name
        self._largest = largest
        self._handover = handover
        self._parts: list[bytes] = []
        self._length = 0

    def write(self, s: bytes | bytearray) -> int:
        if self._handover.abandoned.is_set():
            raise OSError("nobody reads on")
        self._length += len(s)
        if self._length <= self._largest:
            self._parts.append(bytes(s))
        return len(s)

    def read(self, size: int | None = None) -> bytes:  # noqa: ARG002  (the interface's signature)
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002  (the interface's signature)
        return 0

    def flush(self) -> None:
        """Do nothing: what was written is in memory."""

    def size(self) -> int:
        return self._length

    def close(self) -> None:
        kept = self._length <= self._largest
        self._handover.put((self._name, b"".join(self._parts) if kept else f"larger than {self._largest >> 20} MB"))
        self._parts = []


class _Files(WriterFactory):
    def __init__(self, largest: int, handover: _Handover) -> None:
        self._largest = largest
        self._handover = handover

    def create(self, filename: str) -> Py7zIO:
        return _File(filename, self._largest, self._handover)


def _unpack(stream: BinaryIO, largest: int, handover: _Handover) -> None:
    try:
        with py7zr.SevenZipFile(stream) as archive:
            if archive.needs_password():
                handover.put(("", "it is encrypted"))
            else:
                archive.extractall(factory=_Files(largest, handover))
    except Exception as error:  # noqa: BLE001  (py7zr raises whatever its codecs raise; all of it means a bad archive)
        handover.put(("", " ".join(str(error).split()) or type(error).__name__))
    finally:
        handover.put(None)
