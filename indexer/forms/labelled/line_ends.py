"""Line ends put back into a text that has lost them, at headings, rules, bullets, steps and labels.

Archives and viewers are known that show an article as one line: `SUMMARY ======= Text ... - a bullet ... 1. a step`.
Blank lines and the ends of paragraphs are lost for good; what parts an article can be found by its signs.
"""

import re
from typing import Final

# A line this long with two headings in it is no paragraph.
LONG_LINE: Final = 600
FEWEST_HEADINGS: Final = 2
WORDS: Final = (
    "SYMPTOMS|SYMPTOM|CAUSE|RESOLUTION|WORKAROUND|STATUS|MORE INFORMATION|SUMMARY|INTRODUCTION|REFERENCES|"
    "PROBLEM DESCRIPTION|APPLIES TO"
)
# In capitals between the end of a sentence and the begin of another, or over a rule.
HEADING: Final = re.compile(rf"(?:^|(?<=[ \t]))({WORDS})[ \t]+(?:([=-])\2{{2,}}(?=[ \t]|$)|(?=[\"'(A-Z0-9]))")
HEADING_IN_TEXT: Final = re.compile(rf"(?<!\S)({WORDS})[ \t]+(?=[\"'(A-Z0-9])")
RULE: Final = re.compile(r"(?:^|(?<=\s))([=-])\1{2,}(?=\s|$)")
HEADER: Final = re.compile(r"(?:^|(?<=[ \t]))(DOCUMENT|TITLE|PRODUCT|PROD/VER|OPER/SYS|KEYWORDS)[ \t]{0,4}:")
FOOTER: Final = re.compile(
    r"[ \t](?=(?:Additional (?:query|reference) words|Keywords|Technology|Version|Hardware|Issue type|Solution Type|"
    r"Component|Platform)[ \t]{0,20}:)"
)
# Sentences and labels that begin a line wherever they stand.
STARTS: Final = re.compile(
    r"[ \t](?=The information in this article applies to:|THE INFORMATION PROVIDED IN THE MICROSOFT|"
    r"Copyright Microsoft Corporation|(?:PSS ID Number|Article ID|Last reviewed|Article Last Modified on|"
    r"Original KB number|Document ID|Applies to):|Article Last Modified on )|"
    r"(?<=[.:)!?])[ \t](?=(?:NOTE|NOTES|WARNING|IMPORTANT|CAUTION): )"
)
# Under this sentence every hyphen is a bullet.
PRODUCTS: Final = "The information in this article applies to:"
BULLET: Final = re.compile(r"[ \t]([-•·*])[ \t](?=\S)")
STEP: Final = re.compile(r"(?:^|[ \t])(\d{1,2})([.)])[ \t]+(?=[\"'(A-Z<])")
JOIN: Final = re.compile(r"[ \t](- ?(?:or|and) ?-)[ \t]")
ENDS: Final = (".", ":", ";", "?", "!", ")", '."', ".)")
# Rules of 65 and more part a file; no title has one that long.
LONGEST_TITLE: Final = 64
# A blank line between the parts that it parts in an article.
TIGHT: Final = "\n"
LOOSE: Final = "\n\n"
# Two of the lines that begin every exported article.
DOCUMENT: Final = re.compile(r"[ \t]{0,8}DOCUMENT[ \t]{0,4}:[ \t]{0,4}Q\d{5,6}\b.{0,60}[ \t]TITLE[ \t]{0,4}:")


def has_lost_line_ends(text: str) -> bool:
    """Tell a text of which a line holds what only several lines can hold."""
    return any(_is_joined(line) for line in text.split("\n"))


def _is_joined(line: str) -> bool:
    if DOCUMENT.match(line):
        return True
    headings = 0
    if len(line) > LONG_LINE:
        for m in HEADING.finditer(line):
            headings += bool(m[2]) or _ends_sentence(line, m.start())
            if headings >= FEWEST_HEADINGS:
                return True
    return False


def with_line_ends(text: str) -> str:
    """Return a text with line ends put back into its long lines; other lines stay as they are."""
    return "\n".join(
        _restored(line) if len(line) > LONG_LINE or DOCUMENT.match(line) else line for line in text.split("\n")
    )


def _restored(line: str) -> str:
    lists = _Lists()
    return "\n".join(lists.parted(part) for part in _headings(STARTS.sub(LOOSE, line)).split("\n"))


def _headings(text: str) -> str:
    """Put headings, rules, and the lines of header and footer on lines of their own."""
    text = HEADER.sub(r"\n\g<0>", text)
    text = FOOTER.sub(TIGHT, text)
    pieces: list[str] = []
    at = 0
    for m in RULE.finditer(text):
        rule = m[0]
        title = _title_above(text, at, m.start(), len(rule))
        pieces.append(text[at:title].rstrip())
        if title < m.start():
            pieces.append(f"\n\n{text[title : m.start()].strip()}\n{rule}\n\n")
        else:
            pieces.append(f"\n{rule}\n")
        at = m.end() + 1
    pieces.append(text[at:])
    return _plain_headings("".join(pieces))


def _plain_headings(text: str) -> str:
    """Part headings that capitals alone tell; the first may follow a list, which ends without a full stop."""
    listed = text.find("applies to:")
    pieces: list[str] = []
    at = 0
    for m in HEADING_IN_TEXT.finditer(text):
        follows_list = 0 <= listed < m.start() and not pieces
        if not (follows_list or _ends_sentence(text, m.start()) or text[m.start() - 1] == "\n"):
            continue
        pieces.append(f"{text[at : m.start()].rstrip(' ')}\n\n{m[1]}\n\n")
        at = m.end()
    return "".join((*pieces, text[at:]))


def _title_above(text: str, start: int, rule: int, length: int) -> int:
    """Return where the heading begins that stands over a rule: underlines are as long as what they underline."""
    if length > LONGEST_TITLE:
        return rule
    title = rule - 1 - length
    if title < start or (title > 0 and not text[title - 1].isspace()):
        return rule
    words = text[title : rule - 1]
    return title if words[:1].strip() and "\n" not in words and not words.endswith((".", ",")) else rule


class _Lists:
    """Parts bullets and steps where they are no hyphens and no numbers of the text; knows the step it has come to."""

    def __init__(self) -> None:
        self._number = 0
        self._in_list = False

    def parted(self, text: str) -> str:
        """Return a text with its bullets and steps on lines of their own."""
        if RULE.match(text):
            self._number = 0
        text = JOIN.sub(r"\n\n\1\n\n", text)
        marks = sorted(
            [(m.start(), m, True) for m in BULLET.finditer(text)] + [(m.start(), m, False) for m in STEP.finditer(text)]
        )
        pieces: list[str] = []
        all_bullets = text.startswith(PRODUCTS)
        self._in_list = False
        at = 0
        for start, m, is_bullet in marks:
            begins = _ends_sentence(text, start) or not text[at:start].strip()
            is_mark = all_bullets or self._is_bullet(text, m, begins=begins) if is_bullet else self._is_step(m, begins)
            if is_mark:
                self._in_list = is_bullet
                pieces.append(text[at:start].rstrip())
                pieces.append(f"\n {m[1]} " if is_bullet else f"\n\n{m[1]}{m[2]} ")
                at = m.end()
        return "".join((*pieces, text[at:]))

    def _is_bullet(self, text: str, m: re.Match[str], *, begins: bool) -> bool:
        """Within a list an item need not end with a full stop; outside of one a hyphen is a hyphen."""
        after, before = text[m.end()], text[m.start() - 1] if m.start() else " "
        return begins or (self._in_list and (after.isupper() or (after.isdigit() and not before.isdigit())))

    def _is_step(self, m: re.Match[str], begins: bool) -> bool:
        number = int(m[1])
        follows = number > 1 and number == self._number + 1
        if follows or (number == 1 and begins):
            self._number = number
            return True
        return False


def _ends_sentence(text: str, at: int) -> bool:
    return text[max(0, at - 3) : at].rstrip().endswith(ENDS) or at == 0
