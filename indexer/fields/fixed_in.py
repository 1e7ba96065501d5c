"""Where a problem is said to be corrected: service packs, versions, hotfixes, as the article writes them."""

import re
from collections.abc import Iterable
from typing import Final

TARGET: Final = r"(?P<target>[^;:\n]{3,260}?)"
END: Final = r"(?=[.?!]\)?(?:\s|$)|[;:]|$|, (?:which|but|so|where|however|click|see|and (?:the|it|will))\b| \((?:see|Q\d)| (?:by|when|where|click|for more|if|because)\b)"
CORRECTED: Final = re.compile(
    r"\b(?:first |been |was |were |is |are )?(?:corrected|fixed|resolved|addressed|eliminated|first included|solved)"
    r"(?: (?:and included|starting|beginning))? (?:in|with|by(?= Service Pack)|by(?= version))(?! a later| the next|to)\s+" + TARGET + END,
    re.IGNORECASE,
)
DOES_NOT_OCCUR: Final = re.compile(
    r"\b(?:does|did|do|will) not (?:occur|exist|happen|appear) (?:in|with|on|under|when (?:you )?(?:use|using|running))\s+" + TARGET + END,
    re.IGNORECASE,
)
NO_LONGER: Final = re.compile(r"\bno longer (?:occurs|exists|happens) (?:in|with|on)\s+" + TARGET + END, re.IGNORECASE)
CORRECTS: Final = re.compile(
    r"(?:^|[.?!]\s+)(?:The\s+)?(?P<target>[^.;:\n]{0,20}?(?:version|service pack|release|update|build)\b[^;:\n]{3,120}?),?\s+"
    r"(?:corrects|fixes|resolves|solves|eliminates)\s+(?:this|the|these)\b",
    re.IGNORECASE,
)
# A target names a release: a number or a pack; a file, a place or a person is none.
RELEASE: Final = re.compile(r"\d|service pack|hotfix|update|release|version|SP\d", re.IGNORECASE)
NOT_RELEASE: Final = re.compile(
    r"^(?:this|that|these|those|one of|either|the following|two|three|several|some|most|all|many|your|a future|future|an upcoming|"
    r"step|which|it|\d+ (?:seconds|minutes))\b",
    re.IGNORECASE,
)
LEAD: Final = re.compile(r"^(?:the |version of |versions of )+(?=latest|[A-Z])", re.IGNORECASE)
TAIL: Final = re.compile(r",? (?:and|or) (?:later|above|higher|newer)(?: versions?)?$|[,.\s]+$", re.IGNORECASE)
SPLIT: Final = re.compile(r"(?:, and|,? and| or|, or) (?=(?:in )?(?:the )?(?:Microsoft|Windows|Exchange|Systems|SNA|SQL|Visual|Word|Office|Internet|version|Service Pack|[A-Z][a-z]+ [A-Z]))")
HINT: Final = re.compile(r"correct|fix|resolve|address|eliminate|included in|solved|not (?:occur|exist|happen|appear)|no longer", re.IGNORECASE)


def find_fixed_in(parts: Iterable[str]) -> tuple[str, ...]:
    """Return the releases that sections of an article name as correcting the problem, each once, as written."""
    found: dict[str, None] = {}
    for text in parts:
        if not HINT.search(text):
            continue
        flat = " ".join(text.split())
        for pattern in (CORRECTED, DOES_NOT_OCCUR, NO_LONGER, CORRECTS):
            for m in pattern.finditer(flat):
                for release in _releases(m["target"]):
                    found[release] = None
    return tuple(found)


def _releases(target: str) -> Iterable[str]:
    if not RELEASE.search(target) or NOT_RELEASE.match(target):
        return
    for piece in SPLIT.split(target):
        release = TAIL.sub("", LEAD.sub("", piece.removeprefix("in ").strip()))
        if RELEASE.search(release) and not NOT_RELEASE.match(release):
            yield release
