"""Archives and compressed files as streams of members. Nothing is unpacked to the disk.

reading.py       what a file is, by its first bytes, and what is in it, one archive within another included
members.py       what a member is, whatever its archive, and the limits that all keep
names.py         names of members as text that can be shown, kept apart and found again
compressed.py    .gz .bz2 .xz .zst
tar_archive.py, zip_archive.py, zip_directory.py, zip_codecs.py, seven_zip.py    one kind of archive each
"""

from indexer.containers.members import BrokenMember, Limits
from indexer.containers.reading import read_file, read_stream

__all__ = ["BrokenMember", "Limits", "read_file", "read_stream"]
