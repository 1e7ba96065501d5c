"""The number of a Microsoft article as the paths of archives have it, for files that do not state it."""

import re
from typing import Final

FILE_NAME: Final = re.compile(r"(?:^|[/\\!])Q?(\d{5,6})\.[^/\\!]*$", re.IGNORECASE)
# Microsoft's FTP server: KB/Q141/4/46.TXT is Q141446.
FOLDERS: Final = re.compile(r"(?:^|[/\\!])Q(\d{2,3})[/\\](\d)[/\\](\d\d)\.[^/\\!]*$", re.IGNORECASE)
# The same, 2003-2005: KB/en-us/821/536.HTM is 821536.
LATER_FOLDERS: Final = re.compile(
    r"(?:^|[/\\!])([a-z]{2}-[a-z]{2}|KB)[/\\](\d{3,4})[/\\](\d{3})\.HTML?$", re.IGNORECASE
)
# Saved pages of the support site: support.microsoft.com/kb/314917, ...?scid=kb;en-us;314917, ...?kbid=314917.
ADDRESS: Final = re.compile(
    r"(?:[/\\]kb[/\\]|scid=kb;[a-z-]{2,5};|kbid=)(?:KB|Q)?(\d{5,7})(?=$|[/\\.?#@!&;])", re.IGNORECASE
)


def path_number(path: str) -> str | None:
    """Return the digits of the number that the path of a text file tells, or None."""
    if m := FILE_NAME.search(path):
        return m[1]
    m = FOLDERS.search(path)
    return m[1] + m[2] + m[3] if m else None


def page_number(path: str) -> str | None:
    """Return the digits of the number that the path of a web page tells, or None."""
    if m := LATER_FOLDERS.search(path):
        return m[2] + m[3]
    if m := ADDRESS.search(path):
        return m[1]
    return path_number(path)
