"""Messages that a product shows: blocks that the text introduces, event log entries, stops, quoted messages."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from indexer.fields.paragraphs import Blocks, Paragraph, blocks_of
from indexer.fields.word_sets import telling_words, watch

# Patterns from here to SENTENCE_BREAK are for text in lower case: ignoring case takes three times as long.
# What the words before a block say it is. The noun after `following` decides; without one, the words near the end.
SHOWN: Final = re.compile(
    r"\b(?:errors?|messages?|warnings?|stop|events?|exceptions?|faults?|prompts? (?:appears|is|may|will)|"
    r"blue screen|dialog(?: box)?|"
    r"err msg|popup|pop-up|alert|event log|event viewer)\b"
)
NOT_SHOWN: Final = re.compile(
    r"\b(?:knowledge base|articles?|web sites?|url|registry|sub-?keys?|keys?|codes? (?:sample|example)|sample|syntax|"
    r"query on|steps|commands?|command line|lines? (?:to|in|of)|program|macro|procedures?|functions?|statements?|"
    r"section|settings?|files?|location|work ?around|resolve|correct this|to prevent|to avoid|reproduce|"
    r"parameters?|fields?|options?|properties|reasons?|causes?|conditions|table|header|variables?|values?|"
    r"tasks|methods|documentation|"
    r"typographical|symptoms|conditions|circumstances|criteria|hotfix|update|handler|routine|must be|true|code)\b"
)
# `this error`, unlike `the following error`, is one already known: such a sentence goes on to its causes or cures.
CAUSES: Final = re.compile(
    r"\b(?:causes? (?:for|of)|(?:could|can|may|might|will|to) cause|reasons?|suggestions?|things|"
    r"ways)\b"
)
CONDITION: Final = re.compile(r"\b(?:if|when|because|due to|for)\b[^:,]{0,30}:?$")
DETERMINERS: Final = "following|these|this|below"
FOLLOWING: Final = re.compile(rf"\b({DETERMINERS})\b((?:[ ](?!(?:{DETERMINERS})\b)[^ .,:;()]+){{0,7}})")
PLURAL: Final = re.compile(
    r"\b(?:messages|errors|warnings|events|entries|one of (?:the following|these)|either of|some of|any of|both of|"
    r"each of|two|three|several)\b"
)
LISTS_MESSAGES: Final = re.compile(
    r"\b(?:following|these) (?:\w+ ){0,3}(?:messages?|errors?|warnings?|stop)\b[^:]{0,60}:?$"
)
# `Event Type`, `Event Source` and the like stand before the id in newer entries.
BEFORE_EVENT_ID: Final = re.compile(
    r"(?:(?:Event (?:Type|Source|Category)|Source|Type|Category)\s*:\s*[^:]{1,60}?\s+){1,4}"
    r"(?=Event(?: ?ID)?\s*:?\s*\d)",
    re.IGNORECASE,
)
# `the following events` are occurrences unless something is logged.
LOGGED: Final = re.compile(r"\b(?:log|logs|logged|viewer|recorded|event id|event message)\b")
SHOWS: Final = re.compile(
    r"\b(?:errors?|messages?|warnings?|stop|exceptions?|fault|dialog(?: box)?|err msg|alert|event log|log|"
    r"viewer|prompt|"
    r"blue screen|event)\b[^.:]{0,90}$"
)
SAYS: Final = re.compile(r"\b(?:says|states|reads|saying|stating|reading|reports|displays|returns)\b[^.:]{0,40}$")
# `an error message that states:` tells by itself that the message follows, whatever stands before it.
MESSAGE_SAYS: Final = re.compile(
    r"\b(?:errors?|messages?|warnings?|dialog(?: box)?|prompt)\b[^.:,]{0,20}"
    r"\b(?:says|states|reads|saying|stating|reading)(?: the following)?$"
)
ENDS_IN_MESSAGE: Final = re.compile(r"\b(?:message|error|messages|errors)$")
SENTENCE_BREAK: Final = re.compile(r"[.?!][)\"']?\s+(?=[A-Z\"(])")
# Blocks that tell by themselves that they are messages.
EVENT_START: Final = re.compile(
    r"(?:Event\s?ID|Event(?=[ :]{1,12}\d)|Event (?:Source|Type|Category)|Source|Type)\s{0,12}[-:]?\s?", re.IGNORECASE
)
EVENT_ENTRY: Final = re.compile(r"\bEvent\s?(?:ID)?\s{0,12}[-:]?\s{0,12}-?\d+", re.IGNORECASE)
EVENT_LABEL_END: Final = re.compile(r"^[^:]{0,40}[:-]|\d|^Source ", re.IGNORECASE)
EVENT_LABELS: Final = re.compile(r"(?i)\b(event id|event|source|type|category|description|user|computer|date|time)\s*:")
STOP: Final = re.compile(r"(?:\*{3}\s*)?STOP\s*:?\s*(?:0x|c0)[0-9a-fO]+", re.IGNORECASE)
DIAGNOSTIC: Final = re.compile(
    r"(?:[^\s()]{1,80}\s?\([^\s()]{1,60}\)\s*:\s*)?(?:(?:[A-Za-z]:)?[^\s:()]{1,80}\s?:\s*)?"
    r"(?:fatal |internal |compiler |command line |internal compiler )*"
    r"(?:error|warning)\s+[A-Z]{1,4}\d{3,5}\b",
    re.IGNORECASE,
)
RUN_TIME: Final = re.compile(r"run[- ]?time error\s*(?:\(?['#]?\d+|:)", re.IGNORECASE)
# `Error 53: The network path was not found.` in a block, a list or a title of its own.
LABELLED: Final = re.compile(
    r"(?:(?:error|err) ?(?:message|msg)?:\s+|(?:system )?error (?:#|code )?\d{1,5}:\s+(?=[\"\u201c]?[A-Z]))(?=\S+\s)",
    re.IGNORECASE,
)
LABEL_ONLY: Final = re.compile(r"(?:error|err) ?(?:message|msg)?:\s+", re.IGNORECASE)
# Blocks that a message is not, whatever introduces them.
NOT_MESSAGE: Final = re.compile(
    r"Q\d{5,6}\b|ARTICLE-ID|https?://|ftp://|www\.|HKEY_|HKLM|\\\\HKEY|where\s*[<:]|NOTE\b|NOTES\b|For (?:more|"
    r"additional)|"
    r"S E R V P A C K|[-=_+|]{5}|#include\b|//|/\*|If\s+you\b|To (?:work|resolve|correct|do)\b|\(?where\b|"
    r"TITLE\s*:|CAUSE\b|RESOLUTION\b|WORKAROUND\b|Sub \w+|Private Sub|Public Sub|Dim |SELECT\b.*\bFROM\b"
)
CODE_LOOK: Final = re.compile(
    r"[;{}]\s*$|^\s*(?:Dim|Sub|End (?:Sub|If|Function|Select|With|Type)|Set|Function|void|int|char|If .* Then)\b"
)
ABOUT_MESSAGE: Final = re.compile(
    r"(?:An?|The|You|Your|If|When|Users?|One|All|Both)\b.*(?:message|error|fault|:|occurs|displayed|"
    r"appears)\W*$|(?:You|If|When|Users)\b"
)
QUOTED: Final = re.compile(r"[\"\u201c]([^\"\u201c\u201d]{6,400})[\"\u201d]")
BEFORE_QUOTE: Final = re.compile(
    r"(?:\b(?:errors?|messages?|warnings?|alert)\b(?:\s(?:messages?|text|box|dialog|dialog box))?"
    r"(?:\s(?:number|code|is|was|that|which|says|states|reads|saying|stating|reading|of|to|the effect|effect|"
    r"similar|like|"
    r"such|as|appears|displays|displayed|occurs|the|following|may|appear|be|will|indicating|generated|received|"
    r"returned|in|either|with|for example|e\.g\.|i\.e\.)){0,6}|\b(?:it|box|prompt|screen) (?:says|states|reads))"
    r"\s*[,:(-]{0,2}\s*$",
    re.IGNORECASE,
)
AFTER_QUOTE: Final = re.compile(
    r"[,.]?\s*(?:\(?without [^)]{1,30}\)\s*)?(?:run[- ]?time |system |fatal |general |warning |access |compile )?"
    r"(?:error|errors|error messages?|messages?|warning|warning messages?|err msg)\b",
    re.IGNORECASE,
)
# A code with its text in parentheses; what stands before them is asked behind them, since they are found faster.
IN_PARENTHESES: Final = re.compile(r"\([A-Za-z][^()]{6,200}\)")
CODE_BEFORE: Final = re.compile(
    r"\b(?:HRESULT|(?:run-time |runtime |system |win32 )?error)\s(?:code\s|number\s)?(?:0x)?[0-9A-F]{2,10}h?,?\s$",
    re.IGNORECASE,
)
LONGEST_CODE = 44
HINTS: Final = watch((
    "err", "errmsg", "error", "errors", "message", "messages", "msg", "event", "events", "eventid", "stop", "warning",
    "warnings", "screen", "dialog", "prompt", "prompts", "fault", "faults", "exception", "exceptions", "alert", "popup",
    "pop", "hresult", "says", "states", "reads",
))  # fmt: skip
LONGEST = 1500
LONGEST_LABELLED = 300
MOST_PARAGRAPHS = 12
FEWEST_WORDS = 2


@dataclass(frozen=True, slots=True)
class _Announcement:
    """What a sentence announces: one message or `several`; `listed` when bullets below it are messages themselves."""

    several: bool
    listed: bool


def find_error_messages(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the messages in the texts of an article's sections, each once, in order, on one line, without quotes."""
    found: dict[str, None] = {}
    for text in texts:
        # Most paragraphs have none of the words by which messages are found; looking for these is quick.
        if hints := HINTS & telling_words(text):
            _collect(text, tuple(hints), found)
    return tuple(_distinct(found))


class _Run:
    """Paragraphs of a text from one block on, of which those are cut that are asked for: most tell of no message."""

    def __init__(self, blocks: Blocks, first: int) -> None:
        self._blocks = blocks
        self._paragraphs: list[Paragraph] = []
        self.next = first
        """The block that is cut next."""

    def get(self, at: int) -> Paragraph | None:
        """Return the paragraph at a place, None behind the last."""
        while at >= len(self._paragraphs):
            if self.next == len(self._blocks):
                return None
            self._paragraphs += self._blocks.paragraphs(self.next)
            self.next += 1
        return self._paragraphs[at]

    def __getitem__(self, at: int) -> Paragraph:
        return self._paragraphs[at]

    def __len__(self) -> int:
        """Return how many are cut already."""
        return len(self._paragraphs)


def _collect(text: str, hints: Sequence[str], found: dict[str, None]) -> None:
    blocks = blocks_of(text)
    telling = [_tells(low, hints) for low in text.lower().split("\n\n")]
    place = 0
    while place < len(blocks):
        if not telling[place]:
            place += 1
            continue
        run = _Run(blocks, place)
        at, taken = 0, -1
        # What was cut for a message that goes on there is looked at, too; then the next block, if it tells of one.
        while at < len(run) or (run.next < len(blocks) and telling[run.next]):
            block = run.get(at)
            if block is not None:
                taken = _collect_at(run, at, block, taken, hints, found)
            at += 1
        place = run.next


def _collect_at(run: _Run, at: int, block: Paragraph, taken: int, hints: Sequence[str], found: dict[str, None]) -> int:
    """Find the messages that begin with one paragraph, and return the last that any message has `taken`."""
    text = block.text
    if not _tells(text.lower(), hints):
        return taken
    if at > taken:
        for message, last in _self_evident(run, at):
            taken = max(taken, last)
            found[message] = None
    if at > taken and (announced := _announcement(run, at)):
        for message, last in _introduced(run, at, announced):
            taken = max(taken, last)
            found[message] = None
    if (at > taken or not block.indent) and ('"' in text or "(" in text or "\u201c" in text):
        for message in _inline(text):
            found.setdefault(message, None)
    return taken


def _tells(low: str, hints: Sequence[str]) -> bool:
    return any(hint in low for hint in hints)


def from_event_id(message: str) -> str:
    """Return a log entry from its event id on, as articles give most of them; any other message as it is."""
    m = BEFORE_EVENT_ID.match(message) if message[:1] in "EeSsTtCc" else None
    return message[m.end() :] if m else message


def _distinct(found: dict[str, None]) -> Iterator[str]:
    seen: set[str] = set()
    for text in found:
        key = " ".join(re.findall(r"\w+", text.lower()))
        if key and key not in seen:
            seen.add(key)
            yield text


def _announcement(run: _Run, at: int) -> _Announcement | None:
    """Tell what a paragraph announces, when it is a message and a block follows that can be one."""
    block = run[at]
    end = block.lines[-1][-1]
    if end not in ":.," and not end.isalpha():
        return None
    after = run.get(at + 1)
    if after is None or after.indent < block.hang:
        return None
    deeper = after.indent > block.hang
    if end != ":" and not deeper:
        return None
    return _introduces(block.text, deeper and after.lines[0][0] in '"\u201c')


def _introduces(text: str, quote_follows: bool) -> _Announcement | None:
    if len(text) > LONGEST * 3:
        text = text[-LONGEST:]
    end = text[-1:]
    if not SHOWN.search(text.lower()):
        return None
    sentence = SENTENCE_BREAK.split(text)[-1].lower()
    if MESSAGE_SAYS.search(sentence.rstrip(":")):
        return _Announcement(bool(PLURAL.search(sentence)), bool(LISTS_MESSAGES.search(sentence)))
    named = _names_message(sentence)
    if named is not None:
        # Without a colon the sentence must end in the announcement, not just mention a message.
        close = end in ":," or end.isalpha() or quote_follows or named >= len(sentence) - 40
        if not (named and close) or (_only_events(sentence) and not LOGGED.search(sentence)):
            return None
        return _Announcement(bool(PLURAL.search(sentence)), bool(LISTS_MESSAGES.search(sentence)))
    if end == ".":
        return None
    tail = sentence[-110:]
    if _tells_causes(tail[-40:], tail):
        return None
    if NOT_SHOWN.search(tail) or not (SHOWS.search(tail.rstrip(":")) or SAYS.search(tail.rstrip(":"))):
        return None
    # With a capital (`Your Message`) it is a title of something.
    if end != ":" and not ENDS_IN_MESSAGE.search(text):
        return None
    if _only_events(sentence) and not LOGGED.search(sentence):
        return None
    return _Announcement(bool(PLURAL.search(sentence)), bool(LISTS_MESSAGES.search(sentence)))


def _only_events(sentence: str) -> bool:
    return all(m[0].startswith("event") for m in SHOWN.finditer(sentence))


def _names_message(sentence: str) -> int | None:
    """Return the place behind a message that a sentence says follows; 0: another thing follows, None: open."""
    found = [m for m in FOLLOWING.finditer(sentence) if m[2]]
    # `following` points ahead, the last one to what stands next; `this` may point back.
    ahead = [m for m in found if m[1] == "following"]
    for m in (*reversed(ahead), *reversed([m for m in found if m not in ahead])):
        shown, other = SHOWN.search(m[2]), NOT_SHOWN.search(m[2])
        if shown and not (other and other.start() < shown.start()):
            back = m not in ahead and _tells_causes(sentence[m.start() :], sentence)
            return 0 if back else m.end()
        if other:
            return 0
    return None


def _tells_causes(end: str, sentence: str) -> bool:
    return bool(CAUSES.search(sentence) or CONDITION.search(end))


def _introduced(run: _Run, at: int, announced: _Announcement) -> Iterator[tuple[str, int]]:
    """Yield the messages that follow an announcement, each with the place of its last paragraph."""
    intro = run[at]
    parts: list[str] = []
    last = at
    for place in range(at + 1, at + 1 + MOST_PARAGRAPHS):
        block = run.get(place)
        if block is None:
            break
        if block.marker in ("or", "and"):
            if parts:
                yield _joined(parts), last
                parts = []
            last = place
            continue
        if block.marker and not _is_listed(block, announced):
            break
        if not _belongs(intro, block, first=not parts and last in (at, place - 1)):
            break
        if parts and _begins_message(block, parts, announced):
            yield _joined(parts), last
            parts = []
        last = place
        for text in _lines_apart(block):
            if parts and DIAGNOSTIC.match(text):
                yield _joined(parts), last
                parts = []
            parts.append(text)
        # In a list the item's own text goes on at the column of the message: one paragraph, unless `-or-` follows.
        in_item = intro.hang > 0 and block.indent <= intro.hang and not block.marker
        if in_item and not ((after := run.get(place + 1)) and after.marker in ("or", "and")):
            break
    if parts:
        yield _joined(parts), last


def _begins_message(block: Paragraph, parts: Sequence[str], announced: _Announcement) -> bool:
    """Tell whether a paragraph is another message than the one whose paragraphs are `parts`."""
    if block.marker or block.text[0] in '"\u201c':
        return True
    in_entry = any(EVENT_ENTRY.search(part) for part in parts)
    if EVENT_START.match(block.text) and EVENT_LABEL_END.search(block.text):
        told = EVENT_ENTRY.search(block.text) or any("escription" in part for part in parts)
        return bool(in_entry and told) or not any(EVENT_START.match(part) for part in parts)
    # The description of an event may have several paragraphs.
    return announced.several and not in_entry


def _belongs(intro: Paragraph, block: Paragraph, first: bool) -> bool:
    """Tell whether a paragraph can be (part of) the message that `intro` announces."""
    text = block.text
    if NOT_MESSAGE.match(text) or CODE_LOOK.search(text) or len(text) > LONGEST:
        return False

    if block.indent > intro.hang:
        return True
    if intro.hang > 0 and block.indent == intro.hang and not block.marker:
        return first
    if block.indent == intro.indent == 0 and not block.marker and first:
        return text[0] in '"\u201c' or bool(STOP.match(text) or EVENT_ENTRY.match(text) or DIAGNOSTIC.match(text))
    return False


def _is_listed(block: Paragraph, announced: _Announcement) -> bool:
    """Tell whether a list item is a message itself, not a condition, a step or a description of a message."""
    if block.text[0] in '"\u201c':
        return True
    return announced.listed and block.marker == "-" and not ABOUT_MESSAGE.match(block.text)


def _lines_apart(block: Paragraph) -> list[str]:
    """Give compiler diagnostics, one a line, apart; any other paragraph as it is."""
    starts = [n for n, line in enumerate(block.lines) if DIAGNOSTIC.match(line)]
    if len(starts) < FEWEST_WORDS:
        return [block.text]
    bounds = [0, *starts[1:], len(block.lines)]
    return [" ".join(block.lines[a:b]) for a, b in pairwise(bounds)]


def _self_evident(run: _Run, at: int) -> Iterator[tuple[str, int]]:
    """Yield an event log entry, a stop or a compiler diagnostic that stands in a block without announcement."""
    block = run[at]
    text = block.text
    if LABELLED.match(text):
        if message := _labelled(block):
            yield message, at
    elif block.hang == 0:
        return
    elif EVENT_START.match(text) and EVENT_ENTRY.search(text) and len(EVENT_LABELS.findall(text)) > 1:
        last = at
        parts = [text]
        for place in range(at + 1, at + 6):
            nearby = run.get(place)
            if nearby is None or nearby.marker or nearby.indent < block.indent or EVENT_START.match(nearby.text):
                break
            if "description" in " ".join(parts).lower() and not text.rstrip().endswith(":"):
                break
            parts.append(nearby.text)
            text = nearby.text
            last = place
        yield _joined(parts), last
    elif STOP.match(text):
        yield _joined([text]), at
    elif DIAGNOSTIC.match(text) or RUN_TIME.match(text):
        for line in _lines_apart(block):
            yield _joined([line]), at


def _labelled(block: Paragraph) -> str | None:
    """Return the message behind `Error:` or `Error 53:`, which an indented block, a list item or a title may be."""
    lines = block.lines
    title = len(lines) > 1 and not lines[1].strip("-=")
    if not title and block.hang == 0 and len(lines) > 1:
        return None
    text = lines[0] if title else block.text
    return None if len(text) > LONGEST_LABELLED else _joined([LABEL_ONLY.sub("", text, count=1)])


def _inline(text: str) -> Iterator[str]:
    """Yield messages quoted beside the word `error` or `message`, and codes with text in parentheses."""
    if '"' in text or "\u201c" in text:
        for m in QUOTED.finditer(text):
            words = m[1].split()
            if len(words) < FEWEST_WORDS:
                continue
            if BEFORE_QUOTE.search(text, max(0, m.start() - 80), m.start()) or AFTER_QUOTE.match(text, m.end()):
                yield _joined([m[1]])
    if "(" in text:
        for m in IN_PARENTHESES.finditer(text):
            if code := CODE_BEFORE.search(text, max(0, m.start() - LONGEST_CODE), m.start()):
                yield code[0] + m[0]


def _joined(parts: Sequence[str]) -> str:
    text = " ".join(" ".join(parts).split())
    if len(text) > 1 and text[0] in '"\u201c' and text[-1] in '"\u201d':
        inner = text[1:-1]
        return inner if '"' not in inner else text
    return text.strip('"\u201c\u201d') if text.count('"') == 1 else text
