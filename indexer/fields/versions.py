"""Version numbers of products: cutting lists of them, and putting them in order."""

import re
from dataclasses import dataclass
from typing import Final

VERSION: Final = re.compile(r"\d[\dxX]*(?:\.[\dxX]+)*[a-z]{0,2}|x", re.IGNORECASE)
VERSION_WITH_PACK: Final = re.compile(
    r"(?:version |build )?(?P<version>\d[\w.]*?|x)(?:[ ,]*(?P<pack>(?:SP|service packs? ?)\s*\d+\w?))?"
    r"(?P<rest>[ ]+[A-Za-z(].*)?",
    re.IGNORECASE,
)
PACK: Final = re.compile(r"(?:SP|service packs?)\s*(\d+\w?)", re.IGNORECASE)
BARE_PACK: Final = re.compile(r"(?:SP|service packs?) ?\d.*", re.IGNORECASE)
OPEN_END: Final = re.compile(r"\b(?:and|or) (?:later|above|higher|newer)\b", re.IGNORECASE)
OPEN_START: Final = re.compile(r"\b(?:and|or) (?:earlier|below|lower|older|prior)\b", re.IGNORECASE)
SPAN: Final = re.compile(r"(\d[\w.]*) ?(?:through|to|-) ?(\d[\w.]*)", re.IGNORECASE)
PARTS: Final = re.compile(r"\d+|[a-z]+")
SEPARATORS: Final = re.compile(r",| and (?!later|above|higher|newer|earlier|below|lower|older|prior)|;")
# An `x` stands for any number: above all that were written.
ANY = 10**6


@dataclass(frozen=True, slots=True)
class VersionList:
    """Versions named one by one, the range they span, the service packs, and words that are no version."""

    versions: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None
    service_pack: str | None = None
    rest: str = ""


def version_key(version: str) -> tuple[tuple[int, str], ...]:
    """Return what versions sort by: 3.1 < 3.1a < 3.11, 2.9 < 2.x < 3.0, 97 < 2000."""
    parts: list[tuple[int, str]] = []
    for part in PARTS.findall(version.lower()):
        if part == "x":
            parts.append((ANY, ""))
        elif part.isdecimal():
            parts.append((int(part[:9]), ""))
        else:
            number, letters = parts.pop() if parts else (0, "")
            parts.append((number, letters + part))
    if parts and 80 <= parts[0][0] <= 99:
        # Years of two digits (Windows 95, Word 97) come before 2000.
        parts[0] = (parts[0][0] + 1900, parts[0][1])
    return tuple(parts)


def parse_versions(text: str) -> VersionList:
    """Read the list after `version(s)`: numbers, service packs, ranges; what is neither is kept as `rest`."""
    versions: list[str] = []
    packs: list[str] = []
    rest: list[str] = []
    for piece in (p.strip() for p in SEPARATORS.split(text)):
        if not piece:
            continue
        if BARE_PACK.fullmatch(piece):
            packs += [f"SP{n}" for n in PACK.findall(piece)]
        elif packs and not rest and piece.isdecimal() and len(piece) == 1:
            # `Service Packs 1, 2, 3`: single digits after a pack are packs, not versions.
            packs.append(f"SP{piece}")
        elif span := SPAN.fullmatch(piece):
            versions += [span[1], span[2]]
        elif (m := VERSION_WITH_PACK.fullmatch(piece)) and VERSION.fullmatch(m["version"]):
            versions.append(m["version"])
            packs += [f"SP{n}" for n in PACK.findall(m["pack"] or m["rest"] or "")]
            tail = PACK.sub("", OPEN_START.sub("", OPEN_END.sub("", m["rest"] or ""))).strip()
            rest += [tail] if tail else []
        else:
            rest.append(piece)
    return _bounded(text, versions, packs, " ".join(rest))


def _bounded(text: str, versions: list[str], packs: list[str], rest: str) -> VersionList:
    # `2.x` begins at 2.0 and ends above every 2 that is written.
    lowest = min((version.lower().replace("x", "0") for version in versions), key=version_key, default=None)
    ordered = sorted(versions, key=version_key)
    first = lowest if not OPEN_START.search(text) else None
    last = ordered[-1] if ordered and not OPEN_END.search(text) else None
    pack = ", ".join(dict.fromkeys(packs)) or None
    return VersionList(tuple(dict.fromkeys(versions)), first, last, pack, rest)
