"""Codes that a user sees: stops, event ids, HRESULTs, run-time and compiler errors, each as the article spells it."""

import re
from collections.abc import Iterable
from typing import Final

from indexer.fields.references import LABELLED, TITLED

HEX: Final = r"(?:0x|Ox)?[0-9A-FO]+"
# The parameters of a stop and the dump of registers are addresses, not codes.
PARAMETERS: Final = re.compile(r"\(\s*(?:0x)?[0-9A-Fa-fx]{4,10}(?:\s*[, ]\s*(?:0x)?[0-9A-Fa-fx]{1,10}){1,5}\s*\)")
STOP: Final = re.compile(
    r"\bSTOP:?\s*(?:error:?\s*|code:?\s*|message:?\s*|screen:?\s*)?((?:0x|Ox)[0-9A-FO]{1,10}|C0[0-9A-F]{6})\b", re.IGNORECASE
)
EVENT: Final = re.compile(
    r"\bEvents?\s*(ID(?:s|'s)?\b)?\s*(?:No\.?|number|code)?\s*[:=#(]{0,2}\s*(\d{1,5})\b(?![./-]\d)((?:(?:,|,? and|,? or)\s*(?:Event ID:?\s*)?\d{2,5}\b)*)",
    re.IGNORECASE,
)
NUMBER: Final = re.compile(r"\d+")
RUN_TIME: Final = re.compile(r"\brun-?time\s+error:?\s*[('#]*(-?\d{1,10}|R6\d{3}|M6\d{3}|\d{3})\b(?:\)|')?(?:\s*\(([0-9a-f]{8})\))?", re.IGNORECASE)
HTTP: Final = re.compile(r"\bHTTP(?:/1\.[01])?(?:\s+Error|\s+status)?[ :]\s*([45]\d\d(?:[.;-]\d{1,3})?)\b", re.IGNORECASE)
ERROR: Final = re.compile(
    r"\b((?:system |win32 |network |DOS |SQL |ODBC |MAPI |internal |setup |fatal |general |OLE |DDE |RAS |WinSock |socket |"
    r"script |trappable |I/O |JET |print |file |disk )?"
    r"(?:error|err|notice|fatal))(?:\s+(?:code|number|no\.|id|msg|message|value|status|type))?s?"
    r"(?:\s+(?:is|of|was|=))?\s*[:=#'(\[]{0,3}\s*"
    r"(-?\d{1,10}|0x[0-9A-F]{1,8}|[0-9A-F]{8}|[A-Z]{1,4}-?\d{3,5})(?![\w.]*\w|[-/]\d)",
    re.IGNORECASE,
)
NUMBER_OF_THINGS: Final = re.compile(r"\s+(?:errors?|messages?|times?|or more|MB|KB|bytes|seconds|minutes|to \d|through|%|-bit)")
COMPILER: Final = re.compile(r"\b(?:LNK|RC|BK|CVT|MIDL|PRJ|CVTRES)\d{4}\b|\b(?:error|warning|fatal error|C1001:?)\s+([ACDLMRUFKJ]{1,2}\d{4})\b")
COMPILER_BARE: Final = re.compile(r"(?<![\w.\\-])[CLURDA][1-9]\d{3}(?=\s*:|\s+(?:error|warning)|,? (?:and|or) [CLUR]\d{4})|(?<![\w.\\-])[LR]NK\d{4}")
HRESULT: Final = re.compile(
    r"\b(?:(?:HRESULT|hr|scode|error|errors?\)?|exception|violation|ID no)\b[^.\n]{0,24}?[ :=(\[,#'\"](?:0x|&H)?([0-9A-F]{8}|0x[0-9A-F]{3,7})|"
    r"(?:code|result|return(?:s|ed)?|status|failed|number|sense data|value)\b[^.\n]{0,24}?[ :=(\[,#'\"](?:0x|&H)?"
    r"((?:8[0-9A-F]|C[01])[0-9A-F]{6}))(?:L|h)?\b",
    re.IGNORECASE,
)
# Addresses and masks that stand where a code could.
ROUND: Final = re.compile(r"[0-9A-F]0{6,7}|[0-9]{8}", re.IGNORECASE)
HEX_IN_MESSAGE: Final = re.compile(r"(?<![\w:.-])(?:(?:0x|&H)(?:8|C0)[0-9A-F]{6,7}|8[0-9A-F]{7}|C[01][0-9A-F]{6})(?!\w|-[0-9a-f]{4})", re.IGNORECASE)
EXCEPTION: Final = re.compile(r"\b(?:fatal\s+)?exception\s+(0?[0-9A-F]{1,2})(?:h|H)?\b(?!\s+(?:error|handler))", re.IGNORECASE)
SQL_STATE: Final = re.compile(r"\b(?:SQL)?State\s*[:=]?\s*'?([0-9A-Z]{2}\d{3})\b|\bNative(?:\s*Error)?\s*[:=]\s*(-?\d+)")
NAMED: Final = re.compile(
    r"\bORA-\d{4,5}\b|\bASP 0\d{3}\b|\bSU\d{4}\b|\bNET\d{4}\b|\bMSG_ID_\w+|\bInternal ID [0-9a-f]{6,8}\b|"
    r"\bID no:?\s*[0-9a-f]{8}(?:-[0-9a-f]{4,8})*|\bVPN Error \d+|\bsense code:? [0-9A-F]{8}\b|"
    r"\bMessage ID:?\s*\d{3,5}\b|\bNotice \d{1,3}\b|\bStatus code:? ?[45]\d\d\b",
    re.IGNORECASE,
)
# `Event 3` is the third of something; event ids of one digit are written with `ID`.
FEWEST_DIGITS = 2
SPACES: Final = re.compile(r"\s+")
# Any of these must stand in a text before the patterns are tried: most articles have none.
HINT: Final = re.compile(r"error|stop|event|http|hresult|0x|exception|notice|state|asp 0|ora-|80|c0|id no|lnk|result|err", re.I)


def find_error_codes(title: str, text: str, messages: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the codes in title, text and messages, each once by its number, the fullest spelling of it first seen.

    Titles of cited articles do not count: what they name is another problem.
    """
    body = TITLED.sub(" ", LABELLED.sub(" ", text))
    if not HINT.search(title) and not HINT.search(body):
        return ()
    shown = SPACES.sub(" ", PARAMETERS.sub(" ", " \n ".join(messages)))
    whole = f"{title}\n{PARAMETERS.sub(' ', body)}"
    flat = SPACES.sub(" ", whole)
    codes = [*_labelled(flat), *_hexadecimal(flat, shown)]
    return tuple(_distinct(codes))


def _labelled(text: str) -> Iterable[str]:
    for m in STOP.finditer(text):
        yield f"STOP {m[1]}"
    for m in EVENT.finditer(text):
        if not m[1] and len(m[2]) < FEWEST_DIGITS:
            continue
        label = "Event ID" if m[1] else "Event"
        for number in (m[2], *NUMBER.findall(m[3])):
            yield f"{label} {number}"
    for m in RUN_TIME.finditer(text):
        yield f"Run-time error {m[1]}"
        if m[2]:
            yield m[2]
    for m in HTTP.finditer(text):
        yield f"HTTP {m[1]}"
    for m in SQL_STATE.finditer(text):
        yield m[1] or m[2]
    for m in COMPILER.finditer(text):
        yield m[1] or m[0]
    for m in COMPILER_BARE.finditer(text):
        yield m[0]
    for m in EXCEPTION.finditer(text):
        if any(c.isdigit() for c in m[1]):
            yield f"exception {m[1]}"
    for m in NAMED.finditer(text):
        yield m[0].replace(":", "")
    for m in ERROR.finditer(text):
        if not NUMBER_OF_THINGS.match(text, m.end()):
            yield f"{m[1]} {m[2]}"


def _hexadecimal(text: str, shown: str) -> Iterable[str]:
    for m in HRESULT.finditer(text):
        code = m[1] or m[2]
        if not ROUND.fullmatch(code) or code.startswith("800"):
            yield m[0][m[0].rindex(code) - 2 :].rstrip("Lh") if "0x" + code in m[0] else code
    for m in HEX_IN_MESSAGE.finditer(shown):
        yield m[0]


def _distinct(codes: Iterable[str]) -> Iterable[str]:
    """Give each number once: a code inside one that was given already (429 in Run-time error 429) adds nothing."""
    seen: set[str] = set()
    for code in codes:
        number = code.rsplit(" ", 1)[-1].lower().lstrip("-").removeprefix("0x").lstrip("0")
        if number and number not in seen:
            seen.add(number)
            yield SPACES.sub(" ", code)
