"""Codes that a user sees: stops, event ids, HRESULTs, run-time and compiler errors, each as the article spells it.

Every code stands behind a word that says what it is. So the words are looked for first, which is fast, and a pattern
is tried only behind one; hexadecimal numbers are found by their look and judged by the words before them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from indexer.fields.paragraphs import one_line
from indexer.fields.references import without_titles
from indexer.fields.word_sets import NO_WORDS, telling_words, watch

# The parameters of a stop are addresses, not codes.
PARAMETERS: Final = re.compile(
    r"\(\s*(?:0x)?[0-9A-Fa-fx]{4,10}(?:\s{0,3}[, ]\s{0,3}(?:0x)?[0-9A-Fa-fx]{1,10}){1,5}\s*\)"
)
STOP: Final = re.compile(
    r"STOP:? ?(?:error:? |code:? |message:? |screen:? ){0,2}((?:0x|Ox)[0-9A-FO]{1,10}|C0[0-9A-F]{6}|"
    # The stops that people know well enough to leave the 0x out.
    r"(?-i:0A|1E|2E|3F|6B|7[A-F]|C2|D1))\b",
    re.IGNORECASE,
)
EVENT: Final = re.compile(
    r"Events? ?(ID(?:s|'s)?\b)? ?(?:No\.?|number|code)? ?[:=#(]{0,2} ?(\d{1,5})\b(?![./-]\d)"
    r"((?:(?:,|,? and|,? or) (?:Event ID:? ?)?\d{2,5}\b){0,20})",
    re.IGNORECASE,
)
NUMBER: Final = re.compile(r"\d+")
RUN_TIME: Final = re.compile(r"run[- ]?time $", re.IGNORECASE)
HTTP: Final = re.compile(r"HTTP(?:/1\.[01])?:?(?: Error| status)?[ :] ?([45]\d\d(?:[.;-]\d{1,3})?)\b", re.IGNORECASE)
ERROR: Final = re.compile(
    r"(?:error|err|notice|fatal|warning)(?: (?:code|number|no\.|id|msg|message|value|status|type))?s?(?: (?:is|"
    r"of|was|=))?"
    r" ?[:=#'\"(<\[]{0,3} ?"
    r"(-?\d{1,10}|0x[0-9A-F]{1,10}|[0-9A-F]{8}|(?-i:[A-Z]{1,4}|[a-z]{1,4}|Net)-?\d{3,5})(?!\.?\w|[-/]\d)"
    r"(?:\)|'){0,2}(?: \(([0-9A-F]{8})\))?",
    re.IGNORECASE,
)
WHOSE: Final = re.compile(
    r"\b(?:system|win32|network|DOS|SQL|ODBC|MAPI|internal|setup|general|OLE|DDE|RAS|WinSock|socket|script|"
    r"trappable|I/O|"
    r"JET|print|file|disk|ASP|LAN|AFP|VPN|HTTP|Jet|Mac) $",
    re.IGNORECASE,
)
COMPILER: Final = re.compile(r"[A-Z]{1,4}\d{4}", re.IGNORECASE)
NUMBER_OF_THINGS: Final = re.compile(
    r" (?:[Ss]evere|errors?|messages?|times?|or more|MB|KB|bytes|seconds|minutes|to \d|through|warning)| ?%|-[Bb]it"
)
# The digits are found faster than the letters before them.
COMPILER_DIGITS: Final = re.compile(r"\d(?<=[A-Z]\d)\d{3}(?!\w)")
LETTERS_BEFORE: Final = re.compile(r"[A-Z]{1,4}$")
COMPILER_LETTERS: Final = frozenset((
    "LNK", "RC", "RW", "BK", "CVT", "MIDL", "PRJ", "FOR", "CXX", "CAN", "CV", "EE", "C", "L", "U", "R", "D", "A", "F",
    "M",
))  # fmt: skip
LISTED: Final = re.compile(r" ?:| (?:error|warning)| \"|,? (?:and|or) [CLURDAF]\d{4}|, [CLURDAF]\d{4}")
EXCEPTION: Final = re.compile(
    r"exception (?:code )?(?:0x(?!E))?((?=[0-9A-F]?\d)0?[0-9A-F]{1,2}(?=h?\b(?! (?:error|handler)))|"
    r"(?:0x)?E[0-9A-F]{7}\b)",
    re.IGNORECASE,
)
# `a 1011 error`, `The "-1018" error`: the number before the word.
NUMBER_BEFORE: Final = re.compile(r"\b(?:an?|the) [\"']?(-?\d{2,5})[\"']? $", re.IGNORECASE)
# What Device Manager says of a device, and others of their errors.
IN_PARENTHESES: Final = re.compile(r"code:? ?(\d{1,3})\)", re.IGNORECASE)
SQL_STATE: Final = re.compile(r"(?:SQL)?State ?[:=]? ?'?([0-9A-Z]{2}\d{3})\b", re.IGNORECASE)
# What is told to be a result or a sense code may be any number; some are misprinted by a digit.
RESULT: Final = re.compile(
    r"(?:HRESULT|SCODE|sense(?: code| data)?|rc)(?: ?[=:] ?| (?:of|is|was) | )'?((?:0x)?[0-9A-F]{7,9})\b", re.IGNORECASE
)
NATIVE: Final = re.compile(r"Native(?: ?Error)? ?[:=] ?(-?\d{1,10})", re.IGNORECASE)
# The word a code stands behind, the pattern that is tried there, and how the code is given.
LABELLED_CODES: Final = (
    ("stop", STOP, "STOP {}"),
    ("http", HTTP, "HTTP {}"),
    ("sqlstate", SQL_STATE, "{}"),
    ("state", SQL_STATE, "{}"),
    ("native", NATIVE, "{}"),
    ("nativeerror", NATIVE, "{}"),
    ("hresult", RESULT, "{}"),
    ("scode", RESULT, "{}"),
    ("sense", RESULT, "{}"),
    ("rc", RESULT, "{}"),
    ("exception", EXCEPTION, "exception {}"),
    ("code", IN_PARENTHESES, "Code {}"),
)
# A word that a text must have, the phrase that is then looked for, and the pattern of what is given.
NAMED: Final[tuple[tuple[str, str, re.Pattern[str]], ...]] = (
    ("ora", "ora-", re.compile(r"ORA-\d{4,5}\b", re.IGNORECASE)),
    ("asp", "asp 0", re.compile(r"ASP 0\d{3}\b", re.IGNORECASE)),
    ("internal", "internal id", re.compile(r"Internal ID [0-9a-f]{6,8}\b", re.IGNORECASE)),
    ("id", "id no", re.compile(r"ID no:? ?[0-9a-f]{8}(?:-[0-9a-f]{4,8})*", re.IGNORECASE)),
    ("sense", "sense code", re.compile(r"sense code:? [0-9A-F]{8}\b", re.IGNORECASE)),
    ("message", "message id", re.compile(r"Message ID:? ?\d{3,5}\b", re.IGNORECASE)),
    ("status", "status code", re.compile(r"Status code:? ?[45]\d\d\b", re.IGNORECASE)),
)
EVENTS: Final = frozenset(("event", "events", "eventid", "eventids"))
# What a number is called, and the words by which a text is known to have it.
ERRORS: Final = (
    ("err", frozenset(("err", "errs", "error", "errors"))),
    ("notice", frozenset(("notice", "notices"))),
    ("fatal", frozenset(("fatal",))),
    ("warning", frozenset(("warning", "warnings"))),
)
# What makes a number in base 16 a code (SURE and LIKELY).
HEXADECIMAL: Final = frozenset((
    "hresult", "scode", "getlasterror", "error", "errors", "exception", "violation", "code", "result", "return",
    "returns", "returned", "status", "failed", "number", "data", "value", "hr",
))  # fmt: skip
# No code stands in a text that has none of these.
WORDS: Final = watch(
    EVENTS.union(
        HEXADECIMAL,
        *(words for _, words in ERRORS),
        (word for word, _, _ in LABELLED_CODES),
        (word for word, _, _ in NAMED),
        ("lnk", "bk", "cvt", "midl", "prj", "l"),
    )
)
PREFIXED: Final = re.compile(r"(?:0[xX]|&[hH])([0-9A-Fa-f]{3,8})(?![0-9A-Za-z])")
# HRESULTs of other facilities are written with 0x. The second sign is looked for, which few texts have often; what
# stands where is given in the order of these beginnings.
BARE: Final = re.compile(r"[0178](?<=[8cC]\d)(?<!8[178])[0-9A-Fa-f]{6}(?!\w|-[0-9a-f]{4})")
BARE_STARTS: Final = ("80", "c0", "C0", "c1", "C1", "c7", "C7", "c8", "C8")
# What makes a number a code: the first say so for any number, the others only for one that looks like an HRESULT.
SURE: Final = re.compile(
    r"\b(?:HRESULT|scode|GetLastError(?:\(\))?|errors?|exception|violation)\b[^.]{0,24}$", re.IGNORECASE
)
LIKELY: Final = re.compile(
    r"\b(?:code|result|return(?:s|ed)?|status|failed|number|sense data|value|hr)\b[^.]{0,24}$", re.IGNORECASE
)
# The system's own box: `The exception Breakpoint ... (0x80000003) occurred in the application`.
OCCURRED: Final = re.compile(r"\) occurred\b")
HRESULT: Final = re.compile(r"(?:8[0-9A-F]|C[0178])[0-9A-F]{6}", re.IGNORECASE)
# The facilities that articles tell of; addresses look otherwise.
WELL_KNOWN: Final = re.compile(r"(?:800[0-9A]|C000)[0-9A-F]{4}", re.IGNORECASE)
# Numbers side by side are the columns of a stack or memory dump.
BESIDE: Final = re.compile(r"[ :]{1,3}[0-9A-Fa-f]{8}\b")
LAST_BESIDE: Final = re.compile(r"\b[0-9A-Fa-f]{8}[ :]{1,3}$")
# Mail clients show the code of a message behind it: `- 1027 - [8004010F]`, `-- 1281 -- [80000008:FFFFFC0D]`.
IN_BRACKETS: Final = re.compile(r"- ?\[([0-9A-F]{8})(?::([0-9A-F]{8}))?\]")
# Lines of an event log, copied: `Warning  X.400 Service  210  N/A`.
LOG_LINE: Final = re.compile(r"(?:Error|Warning|Information) [^:]{3,40}? (\d{2,5}) N/A ")
# Programs number their messages: `404 Not Found`, `19033-ERROR: ...`, `9001: An exception`; a date, a time, an amount
# and a processor are no such numbers.
NUMBERED_MESSAGE: Final = re.compile(
    r"(?![2-4]86 )(\d{3,5})(?:[:-]? ?- ?|: | )(?=[\"(]?[A-Z])(?!Colors?\b|[KMG]B\b|Bit\b)"
)
# Masks and bounds that stand where a code could.
ROUND: Final = re.compile(r"[0-9A-F]0{6,7}|[1-79][0-9]{7}", re.IGNORECASE)
FULLER: Final = ("STOP ", "Event ")
CONTEXT = 40
# `Event 3` is the third of something; event ids of one digit are written with `ID`.
FEWEST_DIGITS = 2
NUMBERED_AS: Final = re.compile(r"(?<= )(?:code|number)\b", re.IGNORECASE)
WORD: Final = re.compile(r"[^A-Za-z]")


def find_error_codes(title: str, texts: Iterable[str], messages: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the codes in title and texts, each once by its number, in the spelling in which it is first seen.

    Titles of cited articles do not count: what they name is another problem. `messages` are the error messages found
    in the text; a number there needs no word before it.
    """
    telling = [(title, WORDS & telling_words(title))]
    telling += [(text, words) for text in texts if (words := WORDS & telling_words(text))]
    words = NO_WORDS.union(*(words for _, words in telling))
    flat = " ".join(one_line(without_titles(text)) for text, _ in telling)
    if "(" in flat:
        flat = PARAMETERS.sub(" ", flat)
    codes = [*_labelled(flat, words), *_compiler(flat)]
    if "N/A" in flat:
        codes += [f"Event {m[1]}" for m in LOG_LINE.finditer(flat)]
    if "- [" in flat or "-[" in flat:
        codes += [code for m in IN_BRACKETS.finditer(flat) for code in m.groups() if code]
    if not words.isdisjoint(HEXADECIMAL):
        codes += _hexadecimal(flat)
    codes += _in_title(title)
    if messages:
        shown = PARAMETERS.sub(" ", " \n ".join(messages))
        codes += [code for code, digits, _ in _hexadecimal_numbers(shown) if HRESULT.fullmatch(digits)]
        codes += [m[1] for message in messages if (m := NUMBERED_MESSAGE.match(message))]
    return tuple(_distinct(codes))


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        if at == 0 or not text[at - 1].isalpha():
            yield at
        at = text.find(word, at + len(word))


def _labelled(text: str, words: frozenset[str]) -> Iterator[str]:
    low = text.lower()
    if len(low) != len(text):
        # A few letters change their length in lower case; then places in one are not places in the other.
        low = text
    for word, pattern, written in LABELLED_CODES:
        for at in _places(low, word) if word in words else ():
            if m := pattern.match(text, at):
                yield written.format(m[1])
    for at in _places(low, "event") if not EVENTS.isdisjoint(words) else ():
        if m := EVENT.match(text, at):
            yield from _events(m)
    for word, phrase, pattern in NAMED:
        if word in words and phrase in low:
            for m in pattern.finditer(text):
                yield m[0].replace(":", "")
    for word, known in ERRORS:
        for at in _places(low, word) if not known.isdisjoint(words) else ():
            if m := ERROR.match(text, at):
                yield from _error(text, at, m)
            elif word == "err" and (m := NUMBER_BEFORE.search(text, max(0, at - 14), at)):
                yield f"Error {m[1]}"


def _events(m: re.Match[str]) -> Iterator[str]:
    if m[1] or len(m[2]) >= FEWEST_DIGITS:
        label = "Event ID" if m[1] else "Event"
        for number in (m[2], *NUMBER.findall(m[3])):
            yield f"{label} {number}"


def _error(text: str, at: int, m: re.Match[str]) -> Iterator[str]:
    code = m[1]
    if NUMBER_OF_THINGS.match(text, m.end()) or code.isalpha():
        return
    word = WORD.split(m[0], maxsplit=1)[0]
    if run_time := RUN_TIME.search(text, max(0, at - 10), at):
        yield f"{run_time[0]}{word} {code}"
    elif COMPILER.fullmatch(code):
        yield code
    elif word.lower().startswith(("warn", "fatal")) and "[" not in m[0]:
        return
    else:
        whose = WHOSE.search(text, max(0, at - 12), at)
        label = " ".join((word, *NUMBERED_AS.findall(text, at, m.start(1))))
        ends_title = len(code) == 1 and text[m.end() : m.end() + 1] == ":"
        if not (ends_title and label.lower() == "error" and _is_numbering(text, label, int(code))):
            yield f"{whose[0] if whose else ''}{label} {code}"
    if m[2]:
        yield m[2]


# A text may repeat the same label any number of times; it is looked through once for each.
@lru_cache(maxsize=16)
def _is_numbering(text: str, label: str, number: int) -> bool:
    """Tell whether `Error 1:` is one of several errors that an article numbers itself."""
    return f"{label} {number - 1}:" in text or f"{label} {number + 1}:" in text


def _compiler(text: str) -> Iterator[str]:
    if "rror" not in text and "arning" not in text and "ERROR" not in text and "LNK" not in text and "L2" not in text:
        return
    for m in COMPILER_DIGITS.finditer(text):
        letters = LETTERS_BEFORE.search(text, max(0, m.start() - 4), m.start())
        if letters is None or letters[0] not in COMPILER_LETTERS:
            continue
        start = letters.start()
        before = text[max(0, start - 8) : start].lower()
        if before[-1:].isalnum() or before[-1:] in ("_", "\\", "-", "."):
            continue
        if len(letters[0]) > 1 or LISTED.match(text, m.end()) or before.endswith(("error ", "warning ")):
            yield letters[0] + m[0]


def _hexadecimal(text: str) -> Iterator[str]:
    for code, digits, at in _hexadecimal_numbers(text):
        start = max(0, at - CONTEXT)
        if ROUND.fullmatch(digits) and not digits.startswith("800"):
            continue
        if (
            SURE.search(text, start, at)
            or OCCURRED.match(text, at + len(code))
            or (HRESULT.fullmatch(digits) and LIKELY.search(text, start, at))
        ):
            yield code


def _in_title(title: str) -> Iterator[str]:
    """Yield HRESULTs and exceptions that a title names without a word before them."""
    return (code for code, digits, _ in _hexadecimal_numbers(title) if WELL_KNOWN.fullmatch(digits))


def _hexadecimal_numbers(text: str) -> Iterator[tuple[str, str, int]]:
    if "0x" in text or "&H" in text or "0X" in text:
        for m in PREFIXED.finditer(text):
            yield m[0], m[1], m.start()
    bare = []
    for m in BARE.finditer(text):
        start = m.start() - 1
        before, digits = text[start - 1 : start], text[start : m.end()]
        if before.isalnum() or before in ("_", ":", ".", "-", "&"):
            continue
        if WELL_KNOWN.fullmatch(digits) or not _in_columns(text, start, m.end()):
            bare.append((digits, digits, start))
    yield from sorted(bare, key=lambda each: BARE_STARTS.index(each[0][:2])) if len(bare) > 1 else bare


def _in_columns(text: str, start: int, end: int) -> bool:
    return bool(BESIDE.match(text, end) or LAST_BESIDE.search(text, max(0, start - 12), start))


def _distinct(codes: Iterable[str]) -> Iterator[str]:
    """Give each number once: a code inside one that was given already (429 in Run-time error 429) adds nothing.

    Of two spellings that say the same, the one that a screen or a log shows is given: `STOP 0x0000000A` of it and
    `STOP 0xA`, `Event ID 7000` of it and `Event 7000`.
    """
    found: dict[str, str] = {}
    for code in codes:
        number = code.rsplit(" ", 1)[-1].lower().lstrip("-").removeprefix("0x").removeprefix("&h").lstrip("0")
        known = found.setdefault(number, code)
        if len(code) > len(known) and known.startswith(FULLER) and code.startswith(FULLER):
            found[number] = code
    return (code for number, code in found.items() if number)
