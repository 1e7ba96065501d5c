"""Where a problem is said to be corrected: service packs, versions, hotfixes, as the article writes them."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from indexer.fields.paragraphs import one_line
from indexer.fields.sentences import sentences
from indexer.fields.word_sets import NO_WORDS, telling_words, watch

TARGET: Final = r"(?P<target>[^;:\n]{3,200}?)"
END: Final = (
    r"(?<!U\.S)(?=[.?!]\)?(?:\s|$)|[;:\n]|$|,? please|, (?:which|but|so|where|however|click|see|and (?:the|it|will))\b"
    r"| \((?:see|Q\d)| (?:by|when|where|click|for more|if|because)\b)"
)
# Words that can stand before a release, each with the pattern that is tried there.
CORRECTED: Final = re.compile(
    r"(?:corrected|fixed|resolved|addressed|eliminated|included|solved)"
    r"(?: (?:and included|starting|beginning))? "
    r"(?:in|with|by(?= (?:Service Pack|version|the [\w .]{0,40}?(?:version|driver|service pack)\b))) " + TARGET + END,
    re.IGNORECASE,
)
NOT_THERE: Final = re.compile(
    r"(?:not|longer) (?:occurs?|exists?|happens?) (?:in|with|on|under|when (?:you )?(?:use|using|running)) "
    + TARGET
    + END,
    re.IGNORECASE,
)
WORKS: Final = re.compile(
    r"works? (?:correctly|properly|as (?:expected|documented)) (?:in|with) " + TARGET + END, re.IGNORECASE
)
FIRST: Final = re.compile(r"first " + CORRECTED.pattern, re.IGNORECASE)
AVAILABLE: Final = re.compile(r"now available in " + TARGET + END, re.IGNORECASE)
ALREADY: Final = re.compile(r"already included (?:in|with) " + TARGET + END, re.IGNORECASE)
# A word that a text must have, the phrase that is then looked for, and the pattern that is tried there.
PLACES: Final = (
    ("corrected", "corrected ", CORRECTED),
    ("fixed", "fixed ", CORRECTED),
    ("resolved", "resolved ", CORRECTED),
    ("addressed", "addressed in", CORRECTED),
    ("eliminated", "eliminated in", CORRECTED),
    ("solved", "solved in", CORRECTED),
    ("available", "now available in ", AVAILABLE),
    ("already", "already included ", ALREADY),
    ("included", "first included ", FIRST),
    ("occur", "not occur ", NOT_THERE),
    ("exist", "not exist ", NOT_THERE),
    ("happen", "not happen ", NOT_THERE),
    ("occurs", "longer occurs ", NOT_THERE),
    ("exists", "longer exists ", NOT_THERE),
    ("correctly", "works correctly in ", WORKS),
    ("properly", "works properly in ", WORKS),
)
CORRECTING: Final = frozenset(("corrects", "fixes", "resolves", "solves", "eliminates"))
WORDS: Final = watch(CORRECTING | {word for word, _, _ in PLACES})
# `Version n of the product corrects this problem`: the release stands before the verb.
CORRECTS: Final = re.compile(
    r"(?:The )?([^.;:]{0,20}?(?:version|service pack|release|update|build)\b[^;:]{3,120}?),? "
    r"(?:corrects|fixes|resolves|solves|eliminates) (?:this|the|these)\b",
    re.IGNORECASE,
)
# A target names a release: a number or a pack; a file, a place or a person is none.
RELEASE: Final = re.compile(r"\d|service pack|hotfix|update|release|version|SP\d", re.IGNORECASE)
NOT_RELEASE: Final = re.compile(
    r"^(?:any|our|all|this|that|these|those|one of|either|the following|two|three|several|some|most|all|many|"
    r"your|a future|future|an upcoming|"
    r"step|which|it|\d+ (?:seconds|minutes))\b",
    re.IGNORECASE,
)
LEAD: Final = re.compile(r"^(?:the |version of |versions of )+(?=latest|[A-Z])", re.IGNORECASE)
TAIL: Final = re.compile(r",? (?:and|or) (?:later|above|higher|newer)(?: versions?)?$|[,.\s]+$", re.IGNORECASE)
SPLIT: Final = re.compile(
    r"(?:, and|,? and| or|, or) (?=(?:in )?(?:the )?(?:Microsoft|Windows|Exchange|Systems|SNA|SQL|Visual|Word|"
    r"Office|Internet|version|Service Pack|[A-Z][a-z]+ [A-Z]))"
)


def find_fixed_in(parts: Iterable[str]) -> tuple[str, ...]:
    """Return the releases that sections of an article name as correcting the problem, each once, as written."""
    telling = [(part, words) for part in parts if (words := WORDS & telling_words(part))]
    if not telling:
        return ()
    words = NO_WORDS.union(*(words for _, words in telling))
    targets = _targets("\n".join(one_line(part) for part, _ in telling), words)
    return tuple(dict.fromkeys(release for target in targets for release in _releases(target)))


def _targets(text: str, words: frozenset[str]) -> Iterator[str]:
    low = text.lower()
    if len(low) != len(text):
        # A few letters change their length in lower case; then places in one are not places in the other.
        low = text
    for word, phrase, pattern in PLACES:
        at = low.find(phrase) if word in words else -1
        while at >= 0:
            if m := pattern.match(text, at):
                yield m["target"]
            at = low.find(phrase, at + len(phrase))
    if not CORRECTING.isdisjoint(words):
        for line in text.split("\n"):
            for sentence in sentences(line):
                if m := CORRECTS.match(sentence):
                    yield m[1]


def _releases(target: str) -> Iterator[str]:
    if not RELEASE.search(target) or NOT_RELEASE.match(target):
        return
    for piece in SPLIT.split(target):
        release = TAIL.sub("", LEAD.sub("", piece.removeprefix("in ").strip()))
        # A product named beside a release (`in later versions of Windows or in Windows for Workgroups`) is one too.
        named = RELEASE.search(release) or (piece.startswith("in ") and release[:1].isupper())
        if named and not NOT_RELEASE.match(release):
            yield release
