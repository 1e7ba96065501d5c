"""What kind of article it is, as a reader would call it."""

import re
from collections.abc import Sequence
from typing import Final

from indexer.fields.paragraphs import one_line
from kb.models import ArticleKind

# Title prefixes that Microsoft's writers agreed on, anywhere in a chain of prefixes (`XADM: BUG: ...`).
PREFIXES: Final[dict[str, ArticleKind]] = {
    "PRB": "problem",
    "BUG": "bug",
    "FIX": "fix",
    "HOWTO": "howto",
    "HOW TO": "howto",
    "INFO": "information",
    "INF": "information",
    "DOC": "documentation",
    "DOCERR": "documentation",
    "DOC ERR": "documentation",
    "SAMPLE": "information",
    "FILE": "information",
    "FAQ": "information",
    "README.TXT": "information",
    "ERR MSG": "error_message",
    "ERR MESSAGE": "error_message",
    "ERROR MESSAGE": "error_message",
    "ERROR MSG": "error_message",
    "ERRMSG": "error_message",
    "ERR": "error_message",
    "STOP MSG": "error_message",
}
ERROR_TITLE: Final = re.compile(r"\b(?:err(?:or)?\.? ?(?:msg|message|mess)s?|errmsg)\b")
STOP_TITLE: Final = re.compile(r"^\W*stop:? ")
HOWTO_TITLE: Final = re.compile(
    r"^(?:how (?:to|do|can)\b|(?:using|creating|installing|configuring|setting|changing|adding|removing|running|"
    r"enabling|"
    r"disabling|building|determining|converting|moving|printing|connecting|calling|finding|making|implementing|"
    r"customizing|displaying|writing|accessing|upgrading|uninstalling|restoring|recovering|obtaining|replacing|"
    r"customising|automating|troubleshooting|optimizing|copying|sending|sharing|testing|monitoring|controlling|"
    r"updating|importing|exporting|deleting|formatting|getting|modifying|retrieving|preventing|reading|specifying|"
    r"tips|steps|procedure)\b)"
)
FACTS_TITLE: Final = re.compile(
    r"\b(?:readme|read me|\.wri\b|\.txt\b|list of|description|descriptions|overview|contents of|"
    r"frequently asked|questions|"
    r"history|comparison|differences?|differs|explanation|what is|glossary|specifications?|information|"
    r"support for|about|"
    r"release notes|explained|definitions?|availability|available|files included|supported|requirements|features)\b"
)
QUESTIONS_TITLE: Final = re.compile(r"\b(?:questions|faq|readme|read me)\b|\.(?:wri|txt)\b")
ERRATA_TITLE: Final = re.compile(
    r"\b(?:corrections?|comments and corrections|documentation errors?|errata|doc(?:umentation)? error|"
    r"incorrectly documented|"
    r"misprint|typo|(?:not|incorrect(?:ly)?) documented|documentation incorrect)\b"
)
PROBLEM_TITLE: Final = re.compile(
    r"\b(?:cannot|can't|can not|could not|couldn't|unable|fail(?:s|ed|ure|ures|ing)?|errors?|hang(?:s|ing)?|"
    r"crash(?:es|ed|ing)?|"
    r"problems?|trouble|do(?:es)? not|doesn't|don't|isn't|aren't|is not|are not|not (?:found|working|available|"
    r"displayed|saved|"
    r"recognized|responding|enough|supported|printed|updated)|no (?:sound|longer|sounds|response|video)|"
    r"incorrect(?:ly)?|"
    r"missing|lost|loses?|corrupt(?:s|ed|ion)?|stops?|slow|gp fault|access violation|wrong(?:ly)?|invalid|"
    r"leaks?|conflicts?|"
    r"incompatible|unexpected(?:ly)?|garbled|blank|disappears?|denied|fault|terminates?|duplicate|truncated|"
    r"ignored|won't|"
    r"never|exception|freezes?|locks? up|damaged|unavailable|bad|out of (?:memory|environment)|insufficient|"
    r"unreadable|limit|"
    r"may not|may be|prevents?|causes?|deadlock|too (?:long|large|small|many))\b"
)
# A short text that leads into a list of steps tells how, whatever its title.
TASK: Final = re.compile(
    r"(?m)^To (?!reproduce|demonstrate|illustrate)[a-z]+ [^.:]{3,120}(?:do\s+the\s+following|follow\s+these\s+steps|"
    r"(?:use|perform|complete|take)\s+the\s+following\s+(?:steps|procedure))[^.:]{0,20}:"
)
SHORT = 2500
PREFIX: Final = re.compile(r"\s*([^:]{2,24}):")
CONFIRMED: Final = re.compile(
    r"\b(?:confirmed|acknowledges)\b[^.]{0,60}\b(?:problem|bug|issue|error|to be)\b"
    r"|\bis a (?:known )?(?:bug|problem)\b"
)
CORRECTED: Final = re.compile(
    r"\b(?:was|were|has been|have been|is|been)(?: first)? (?:corrected|fixed|resolved) in\b|"
    r"\bfirst corrected in\b|\bcorrected in\b|"
    r"\b(?:does|do|will) not (?:occur|happen) in (?:later|newer|version|microsoft|windows)\b"
    r"|\bworks? (?:correctly|properly) in (?:version|later|the |microsoft |windows |visual )"
    r"|\b(?:corrected|fixed) (?:by|with) (?:service pack|the update)"
)
GETS_FIX: Final = re.compile(
    r"\b(?:obtain|apply|install|download)\b[^.:]{0,60}\b(?:service pack|hotfix|fix|update|patch)\b|"
    r"\bsupported fix\b|s e r v p a c k"
)
BY_DESIGN: Final = re.compile(r"\b(?:(?:by|per) design|as designed|design limitation)\b")
WORD: Final = re.compile(r"[a-z0-9]+")
FIX_KEYWORD: Final = re.compile(r"(?:sp\d+\w*|\d)fix$", re.IGNORECASE)
# A title is a message when this share of its words begin the message; titles shorten and paraphrase.
LIKE_MESSAGE = 0.6
FEWEST_WORDS = 3


def article_kind(
    title: str,
    sections: dict[str, str | None],
    issue_type: Sequence[str],
    solution_type: Sequence[str],
    keywords: Sequence[str],
    messages: Sequence[str],
    body: str = "",
) -> ArticleKind:
    """Name the kind of an article from its title, its sections by kind, what its footer says, and its whole text.

    The title's own prefix decides first; then, for an article with symptoms, whether the defect is corrected,
    confirmed or neither; for one without, what the title promises.
    """
    prefix, bare = _prefix(title)
    # All patterns below are in lower case: ignoring case would take three times as long.
    title, bare = title.lower(), bare.lower()
    tells_problem = bool(sections.get("symptoms") and (sections.get("resolution") or sections.get("cause")))
    if prefix is not None and prefix != "error_message" and not (prefix == "information" and tells_problem):
        return prefix
    if "kbdocerr" in keywords or "kbdocfix" in keywords or ERRATA_TITLE.search(bare):
        return "documentation"
    told = sections.get("symptoms") or sections.get("cause")
    # A goal with a solution, as other vendors write a how-to.
    is_howto = not told and HOWTO_TITLE.search(bare) and not PROBLEM_TITLE.search(bare)
    if told or (sections.get("resolution") and not is_howto):
        about_message = prefix == "error_message" or _is_message(title, bare, messages)
        return _problem_kind(sections, issue_type, solution_type, keywords, about_message)
    if prefix == "error_message":
        return "error_message"
    kind = _plain_kind(title, bare, sections, issue_type, messages)
    tells_how = kind == "information" and "kbinfo" not in issue_type and len(body) < SHORT and TASK.search(body)
    return "howto" if tells_how and not QUESTIONS_TITLE.search(title) else kind


def states_kind(title: str) -> bool:
    """Tell whether a title says the kind by a prefix that Microsoft's writers agreed on."""
    return _prefix(title)[0] is not None


def _prefix(title: str) -> tuple[ArticleKind | None, str]:
    rest = title
    for _ in range(3):
        m = PREFIX.match(rest)
        if not m:
            break
        kind = PREFIXES.get(m[1].strip().upper())
        rest = rest[m.end() :]
        if kind is not None:
            return kind, rest.strip()
    if ERROR_TITLE.search(title.lower()):
        return "error_message", rest.strip() or title
    return None, rest.strip() or title


def _problem_kind(
    sections: dict[str, str | None],
    issue_type: Sequence[str],
    solution_type: Sequence[str],
    keywords: Sequence[str],
    about_message: bool,
) -> ArticleKind:
    status = _plain(sections.get("status"))
    remedy = _plain(sections.get("resolution"))
    confirmed = bool(CONFIRMED.search(status))
    if about_message and not (confirmed and (CORRECTED.search(status) or GETS_FIX.search(remedy))):
        return "error_message"
    if BY_DESIGN.search(status) and not confirmed:
        return "problem"
    if CORRECTED.search(status) or GETS_FIX.search(status) or (confirmed and GETS_FIX.search(remedy)):
        return "fix"
    if "kbfix" in solution_type and (GETS_FIX.search(remedy) or _corrected_anywhere(sections)):
        return "fix"
    if any(FIX_KEYWORD.search(k) for k in keywords) and GETS_FIX.search(remedy):
        return "fix"
    if confirmed or ("kbbug" in issue_type and "kbprb" not in issue_type):
        return "bug"
    return "problem"


def _corrected_anywhere(sections: dict[str, str | None]) -> bool:
    plain = [_plain(text) for text in sections.values() if text]
    return any(CORRECTED.search(text) or GETS_FIX.search(text) for text in plain)


def _plain(text: str | None) -> str:
    return one_line(text).lower() if text else ""


def _plain_kind(
    title: str, bare: str, sections: dict[str, str | None], issue_type: Sequence[str], messages: Sequence[str]
) -> ArticleKind:
    status = _plain(sections.get("status"))
    if CORRECTED.search(status):
        return "fix"
    if CONFIRMED.search(status):
        return "bug"
    if QUESTIONS_TITLE.search(title):
        return "information"
    if "kbhowto" in issue_type or bare.startswith(("how to ", "how do ", "how can ")):
        return "howto"
    if HOWTO_TITLE.search(bare) and "kbinfo" not in issue_type:
        return "howto"
    if "kbprb" in issue_type:
        return "problem"
    if FACTS_TITLE.search(title):
        return "information"
    if STOP_TITLE.match(title) or PROBLEM_TITLE.search(bare) or "kbbug" in issue_type or sections.get("workaround"):
        return "problem"
    return "error_message" if _is_message(title, bare, messages) else "information"


def _is_message(title: str, bare: str, messages: Sequence[str]) -> bool:
    """Tell whether the title, apart from its prefix, is (the beginning of) one of the messages."""
    if STOP_TITLE.match(title):
        return True
    words = WORD.findall(bare)
    if len(words) < FEWEST_WORDS:
        return False
    for message in messages:
        start = WORD.findall(message.lower())[: len(words) + 2]
        if len(set(words) & set(start)) >= LIKE_MESSAGE * len(words) and words[0] in start[:3]:
            return True
    return False
