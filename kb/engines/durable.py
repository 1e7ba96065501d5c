"""Make files outlive a power cut: for engines whose library does not sync what it writes."""

import os
from pathlib import Path


def sync_file(file: Path) -> None:
    """Wait until the system has a file's content on the disk; OSError if that fails."""
    # Windows syncs only what is open for writing.
    with file.open("r+b") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; Windows keeps them by itself and cannot be asked."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
