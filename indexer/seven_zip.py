"""The door to py7zr: the members of a .7z archive, one after the other.

py7zr pushes what it unpacks, the import pulls: a thread unpacks into a short queue, so that one member at a time is in
memory whatever the archive's size.
"""

import queue
import threading
from collections.abc import Iterator
from typing import BinaryIO, Final

_WAITING: Final = 64
_ABANDONED: Final = 0.2
"""Seconds after which a blocked unpacker looks whether anybody still reads."""

Member = tuple[str, bytes | str]


def seven_zip_members(stream: BinaryIO, largest: int) -> Iterator[Member]:
    """Yield name and bytes of every file in the archive, or name and reason (str) where it cannot be read.

    A reason with an empty name concerns the archive as a whole. Files of more than `largest` bytes are not kept.
    """
    waiting: queue.Queue[Member | None] = queue.Queue(_WAITING)
    abandoned = threading.Event()
    worker = threading.Thread(target=_unpack, args=(stream, largest, waiting, abandoned), daemon=True)
    worker.start()
    try:
        while (member := waiting.get()) is not None:
            yield member
    finally:
        abandoned.set()
        worker.join()


def _unpack(stream: BinaryIO, largest: int, waiting: "queue.Queue[Member | None]", abandoned: threading.Event) -> None:
    import py7zr
    from py7zr.io import Py7zIO, WriterFactory

    def put(member: Member | None) -> None:
        while not abandoned.is_set():
            try:
                waiting.put(member, timeout=_ABANDONED)
            except queue.Full:
                continue
            return

    class OneFile(Py7zIO):  # type: ignore[misc]  # py7zr has no types
        def __init__(self, name: str) -> None:
            self.name = name
            self.parts: list[bytes] = []
            self.length = 0

        def write(self, data: bytes | bytearray) -> int:
            if abandoned.is_set():
                raise OSError("nobody reads on")
            self.length += len(data)
            if self.length <= largest:
                self.parts.append(bytes(data))
            return len(data)

        def read(self, size: int | None = None) -> bytes:  # noqa: ARG002  (the interface's signature)
            return b""

        def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002  (the interface's signature)
            return 0

        def flush(self) -> None:
            pass

        def size(self) -> int:
            return self.length

        def close(self) -> None:
            kept = self.length <= largest
            put((self.name, b"".join(self.parts) if kept else f"larger than {largest >> 20} MB"))
            self.parts = []

    class Files(WriterFactory):  # type: ignore[misc]  # py7zr has no types
        def create(self, filename: str) -> OneFile:
            return OneFile(filename)

    try:
        with py7zr.SevenZipFile(stream) as archive:
            if archive.needs_password():
                put(("", "it is encrypted"))
            else:
                archive.extractall(factory=Files())
    except Exception as error:  # noqa: BLE001  (py7zr raises whatever its codecs raise; all of it means a bad archive)
        put(("", " ".join(str(error).split()) or type(error).__name__))
    finally:
        put(None)
