"""What kind of article it is, as a reader would call it."""

import re
from collections.abc import Sequence
from typing import Final

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
ERROR_TITLE: Final = re.compile(r"\b(?:err(?:or)?\.? ?(?:msg|message|mess)s?|errmsg)\b", re.IGNORECASE)
STOP_TITLE: Final = re.compile(r"^\W*STOP:? ", re.IGNORECASE)
HOWTO_TITLE: Final = re.compile(
    r"^(?:how (?:to|do|can)\b|(?:using|creating|installing|configuring|setting|changing|adding|removing|running|"
    r"enabling|"
    r"disabling|building|determining|converting|moving|printing|connecting|calling|finding|making|implementing|"
    r"customizing|displaying|writing|accessing|upgrading|uninstalling|restoring|recovering|obtaining|replacing|"
    r"customising|automating|troubleshooting|optimizing|copying|sending|sharing|testing|monitoring|controlling|"
    r"updating|importing|exporting|deleting|formatting|getting|modifying|retrieving|preventing|reading|specifying|"
    r"tips|steps|procedure)\b)",
    re.IGNORECASE,
)
FACTS_TITLE: Final = re.compile(
    r"\b(?:readme|read me|\.wri\b|\.txt\b|list of|description|descriptions|overview|contents of|"
    r"frequently asked|questions|"
    r"history|comparison|differences?|differs|explanation|what is|glossary|specifications?|information|"
    r"support for|about|"
    r"release notes|explained|definitions?|availability|available|files included|supported|requirements|features)\b",
    re.IGNORECASE,
)
QUESTIONS_TITLE: Final = re.compile(r"\b(?:questions|faq|readme|read me)\b|\.(?:wri|txt)\b", re.IGNORECASE)
ERRATA_TITLE: Final = re.compile(
    r"\b(?:corrections?|comments and corrections|documentation errors?|errata|doc(?:umentation)? error|"
    r"incorrectly documented|"
    r"misprint|typo|(?:not|incorrect(?:ly)?) documented|documentation incorrect)\b",
    re.IGNORECASE,
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
    r"may not|may be|prevents?|causes?|deadlock|too (?:long|large|small|many))\b",
    re.IGNORECASE,
)
PREFIX: Final = re.compile(r"\s*([^:]{2,24}):")
CONFIRMED: Final = re.compile(
    r"\bconfirmed\b[^.]{0,60}\b(?:problem|bug|issue|error|to be)\b|\bis a (?:known )?(?:bug|problem)\b", re.IGNORECASE
)
RESEARCHING: Final = re.compile(r"\b(?:researching|investigating|looking into)\b", re.IGNORECASE)
CORRECTED: Final = re.compile(
    r"\b(?:was|were|has been|have been|is|been)(?: first)? (?:corrected|fixed|resolved) in\b|"
    r"\bfirst corrected in\b|\bcorrected in\b"
    r"|\b(?:corrected|fixed) (?:by|with) (?:service pack|the update)",
    re.IGNORECASE,
)
GETS_FIX: Final = re.compile(
    r"\b(?:obtain|apply|install|download)\b[^.:]{0,60}\b(?:service pack|hotfix|fix|update|patch)\b|"
    r"\bsupported fix\b|S E R V P A C K",
    re.IGNORECASE,
)
BY_DESIGN: Final = re.compile(r"\b(?:by design|as designed|design limitation)\b", re.IGNORECASE)
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
) -> ArticleKind:
    """Name the kind of an article from its title, its sections by kind, and what its footer says.

    The title's own prefix decides first; then, for an article with symptoms, whether the defect is corrected,
    confirmed or neither; for one without, what the title promises.
    """
    prefix, bare = _prefix(title)
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
    return _plain_kind(title, bare, sections, issue_type, messages)


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
    if ERROR_TITLE.search(title):
        return "error_message", rest.strip() or title
    return None, rest.strip() or title


def _problem_kind(
    sections: dict[str, str | None],
    issue_type: Sequence[str],
    solution_type: Sequence[str],
    keywords: Sequence[str],
    about_message: bool,
) -> ArticleKind:
    status = sections.get("status") or ""
    remedy = sections.get("resolution") or ""
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
    return any(CORRECTED.search(text) or GETS_FIX.search(text) for text in sections.values() if text)


def _plain_kind(
    title: str, bare: str, sections: dict[str, str | None], issue_type: Sequence[str], messages: Sequence[str]
) -> ArticleKind:
    status = sections.get("status") or ""
    if CORRECTED.search(status):
        return "fix"
    if CONFIRMED.search(status):
        return "bug"
    if QUESTIONS_TITLE.search(title):
        return "information"
    if "kbhowto" in issue_type or bare.lower().startswith(("how to ", "how do ", "how can ")):
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
    words = WORD.findall(bare.lower())
    if len(words) < FEWEST_WORDS:
        return False
    for message in messages:
        start = WORD.findall(message.lower())[: len(words) + 2]
        if len(set(words) & set(start)) >= LIKE_MESSAGE * len(words) and words[0] in start[:3]:
            return True
    return False
