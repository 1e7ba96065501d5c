r"""Error signatures: the codes and messages by which a failure is known, in one spelling for all they are written in.

A number in base 16 is given in lower case without leading zeros, so that `STOP 0x0000000A` and `Stop 0xA` are one. An
HRESULT (https://learn.microsoft.com/openspecs/windows_protocols/ms-erref) is the same in base 16, as the decimal
number that Visual Basic and log files print, signed or not; one of facility 7 wraps a Win32 error.

    0x80070005 = -2147024891 = 2147942405       hresult 80070005 and win32 5
    Event ID: 4319 ... Source: NetBT            event_id 4319 of NetBT
    Cannot open the file <name>.                message  cannot open the file *
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

from kb.models import Signature, SignatureType

# Every pattern stops at the first character it cannot use: the time grows with the text and no faster.
_PATTERNS: Final[tuple[tuple[SignatureType, re.Pattern[str]], ...]] = (
    ("article_id", re.compile(r"\b(?:Q|KB)\s?(\d{5,7})\b", re.IGNORECASE)),
    ("stop", re.compile(r"\bSTOP:?\s{0,3}(?:error\s)?(?:0x|Ox)?([0-9A-F]{1,10})\b", re.IGNORECASE)),
    (
        "event_id",
        re.compile(r"\bEvent(?:\s{0,3}(?:IDs?|code|number))?\s{0,3}[:=#(]?\s{0,3}(\d{1,5})\b", re.IGNORECASE),
    ),
    ("run_time", re.compile(r"\brun[- ]?time\s{1,3}error\s{0,3}[:#(]?\s{0,2}'?(\d{1,5})\b", re.IGNORECASE)),
    (
        "http",
        re.compile(
            r"\bHTTP(?:/1\.[01])?:?\s{0,2}(?:error|status)?[ :]{0,2}([45]\d\d(?:[.;-]\d{1,3})?)\b", re.IGNORECASE
        ),
    ),
    ("sql_state", re.compile(r"\b(?:SQL\s?)?State\s{0,2}[:=]?\s{0,2}'?([0-9A-Z]{2}\d{3})\b", re.IGNORECASE)),
    (
        "win32",
        re.compile(
            r"\b(?:(?:system|win32|network)\serror(?:\scode)?|net\shelpmsg)\s{0,2}:?\s{0,2}(\d{1,5})\b",
            re.IGNORECASE,
        ),
    ),
    ("exception", re.compile(r"\bexception\s(?:0x)?(?=[0-9A-F]?\d)0?([0-9A-F]{1,2})h?\b", re.IGNORECASE)),
    ("hex", re.compile(r"(?:\b0x|&h)([0-9a-f]{1,16})\b|\b((?=[0-9a-f]{0,7}\d)[0-9a-f]{8})\b", re.IGNORECASE)),
    ("hresult", re.compile(r"(?<![\w.,-])(-\d{9,10}|[234]\d{9})(?![\w.,]\d|\w)")),
    ("compiler", re.compile(r"\b((?:LNK|C|RC|U|L|R|F|A|BK|CVT|D|PRJ|M)\d{4})\b")),
    (
        "error_number",
        re.compile(
            r"\b(?:error|err|notice|message\sid)(?:\s(?:code|number|no\.?))?\s{0,2}[:#=]?\s{0,2}(-?\d{1,10})\b",
            re.IGNORECASE,
        ),
    ),
)  # fmt: skip
_BASE_16: Final = frozenset(("stop", "hex", "exception"))
_HRESULT: Final = re.compile(r"8[0-9a-f]{7}")
_EVENT_LABEL: Final = r"(?:event(?:\s?(?:id|type|code))?|type|category|description|desc|user|computer|date|time|data)\b"
_EVENT_SOURCE: Final = re.compile(
    rf"\bSource\s{{0,3}}[:=(]\s{{0,3}}(\S(?:(?!\s{{1,20}}{_EVENT_LABEL})[^\n:;,)]){{0,60}})", re.IGNORECASE
)
_NEAR_EVENT: Final = 240
"""Characters between an event's id and its source; entries list them within a few lines of each other."""

_QUOTED: Final = re.compile(r"[\"\u201c]([^\"\u201c\u201d\n]{8,400})[\"\u201d]")
_SENTENCE_END: Final = re.compile(r"(?<=[.?!])\s+")
_CLAUSE_END: Final = re.compile(r"(?<=[.?!:])\s+")
_LONGEST_MESSAGE: Final = 1000
_MOST_PARTS: Final = 200
"""Lines, quotations and sentences of a text that are taken for messages; a log has thousands."""
_ANY_ERROR: Final = frozenset(("run_time", "error_number", "win32", "code"))
_SLOT: Final = "*"
# What a message has in the place of names, paths, addresses and numbers that differ from one machine to the next.
_SLOTS: Final = re.compile(
    r"<[^<>\n]{1,60}>"
    r"|%(?:%?\d{1,2}|[0-9.]{0,4}l?[sduxXcp])(?![A-Za-z0-9])"
    r"|\[[a-z][^\[\]\n]{0,60}\]"
    r"|[\"\u201c][^\"\u201c\u201d\n]{1,80}[\"\u201d]"
    r"|(?<!\w)'[^'\n]{1,80}'(?!\w)"
    r"|\b[A-Za-z]:\\[^\s,;\"]{0,120}"
    r"|\\\\[^\s,;\"]{1,120}"
    r"|\b(?:0x)?[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{4,8}\b"
    r"|\b0x[0-9A-Fa-f]{1,16}\b"
    r"|\b0?x?(?:[xX]{2,16}|[nN]{2,16}|[yY]{3,16}|[zZ]{3,16})\b"
    r"|#{2,16}|\.\.\.|\u2026"
)
# Without a sign or a beginning that one of them has, none is there; these are found faster.
_SLOT_SIGN: Final = re.compile("[<%[\"\u201c':\\\\#\u2026]")
_SLOT_START: Final = re.compile(r"[0nxyz](?<!\w.)[nxyz]")
_SIGNS: Final = re.compile(r"[^\w*]+")
FEWEST_WORDS: Final = 2
"""Words besides slots without which a message tells nothing apart."""


def find_signatures(text: str) -> tuple[Signature, ...]:
    """Return the distinct codes in `text`, by type, in the order of the table and of the text."""
    found: dict[Signature, None] = {}
    taken: set[str] = set()
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            written = next(group for group in match.groups() if group)
            if kind == "event_id":
                found[Signature(kind, written, _source_near(text, match.start()))] = None
            else:
                found.update(dict.fromkeys(_signatures(kind, written, taken)))
    return tuple(_without_bare_events(found))


# An article's messages are asked for as it is parsed, and again as it is indexed with those beside it.
@lru_cache(maxsize=2048)
def message_signature(message: str) -> Signature | None:
    r"""Return a message with `*` for what differs from case to case, or None if little else is left.

    The rest is in lower case and without punctuation. Two instances of one message (`Cannot open A:\X.DOC`,
    `Cannot open <file>`) give the same signature.
    """
    low = message.lower()
    if _SLOT_SIGN.search(low) or "..." in low or _SLOT_START.search(low):
        low = _SLOTS.sub(f" {_SLOT} ", low)
    words = _SIGNS.sub(" ", low).split()
    if _SLOT in low:
        starred = [word if word.strip(_SLOT) else _SLOT for word in words]
        words = [
            word for word, before in zip(starred, ("", *starred), strict=False) if (word, before) != (_SLOT, _SLOT)
        ]
    telling = len(words) - words.count(_SLOT)
    return Signature("message", " ".join(words)) if telling >= FEWEST_WORDS else None


def message_signatures(text: str) -> tuple[Signature, ...]:
    """Return the signatures of what may be a message in `text`: all of it, its lines, its quotations, its sentences.

    Of a message that is quoted in part, or that goes on with what differs, a sentence is still the same.
    """
    parts = (text, *text.split("\n"), *_QUOTED.findall(text), *_SENTENCE_END.split(text), *_CLAUSE_END.split(text))
    found: dict[Signature, None] = {}
    for part in islice(dict.fromkeys(parts), _MOST_PARTS):
        if len(part) <= _LONGEST_MESSAGE and (signature := message_signature(part)):
            found[signature] = None
    return tuple(found)


def signature_kind(term: str) -> str | None:
    """Return of what kind the code is that a term of `signature_terms` stands for; None for a message."""
    kind = term.partition("=")[0]
    return None if kind == "message" else kind


def _digest(message: str) -> str:
    """Return eight bytes of a message's BLAKE2b as hexadecimal digits."""
    try:
        # What hashlib has, too, without the library of ciphers that it loads.
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b
    return blake2b(message.encode("utf-8"), digest_size=8).hexdigest()


def signature_terms(signatures: Iterable[Signature]) -> tuple[str, ...]:
    """Return the terms by which an index finds signatures: equal where two name the same failure, else different.

    They hold a `=`, as no term of words does. An event with its source gives that of the event alone too; numbers that
    are only called an error (of run time, of Windows, bare) are one family, since users rarely say which.
    """
    found: dict[str, None] = {}
    for signature in signatures:
        if signature.type == "article_id":
            continue
        kind = "error" if signature.type in _ANY_ERROR and signature.value.lstrip("-").isdecimal() else signature.type
        value = signature.value.replace(" ", "_")
        if signature.type == "message":
            # A message may be long; its digest is as good for telling whether two are the same.
            value = _digest(signature.value)
        found[f"{kind}={value}"] = None
        if signature.source:
            found[f"{kind}={value}@{'_'.join(signature.source.lower().split())}"] = None
    return tuple(found)


def spellings(signature: Signature) -> tuple[str, ...]:
    """Return the other ways in which programs write a code: padded, signed and unsigned; none for most types."""
    if signature.type == "stop":
        return (f"0x{signature.value.upper():0>8}", f"0x{signature.value.upper()}")
    if signature.type == "hresult":
        number = int(signature.value, 16)
        return (f"0x{signature.value.upper()}", str(number - (1 << 32)), str(number))
    return ()


def _signatures(kind: SignatureType, written: str, taken: set[str]) -> Iterator[Signature]:
    """Yield what one match stands for; nothing for a number that a sharper pattern has `taken` already."""
    if kind == "article_id":
        yield Signature(kind, f"Q{int(written)}")
        return
    value = written
    if kind == "hresult":
        number = int(written) % (1 << 32)
        value = f"{number:x}"
        if int(written) >= 1 << 32 or not _HRESULT.fullmatch(value):
            return
    elif kind in _BASE_16:
        value = written.lower().lstrip("0") or "0"
    elif kind == "sql_state":
        value = written.upper()
    if kind in ("hex", "error_number", "hresult") and value in taken:
        return
    taken.update((value, re.split(r"[.;-]", value)[0] or value))
    if kind in ("hex", "hresult") and _HRESULT.fullmatch(value):
        yield Signature("hresult", value)
        if value.startswith("8007"):
            yield Signature("win32", str(int(value[4:], 16)))
    else:
        yield Signature(kind, value)


def _source_near(text: str, at: int) -> str | None:
    """Return the source that is named nearest to an event's id."""
    start = max(0, at - _NEAR_EVENT)
    near = min(_EVENT_SOURCE.finditer(text, start, at + _NEAR_EVENT), key=lambda m: abs(m.start() - at), default=None)
    return near[1].strip(" .\t\r\"'") or None if near else None


def _without_bare_events(found: dict[Signature, None]) -> Iterator[Signature]:
    """Leave out an event without source where the same is found with one."""
    sourced = {signature.value for signature in found if signature.source}
    for signature in found:
        if signature.type != "event_id" or signature.source or signature.value not in sourced:
            yield signature
