r"""Tell whether a query is an expression of the query language, and read it as one.

Most queries are pasted: they hold colons, quotes, brackets and capitals that mean nothing of the kind. So a query is
an expression only where it clearly uses the language, on one line:

    title:printer   date:1998..1999     the name of a field in small letters, and a value directly behind its colon
    printer AND (blank OR empty)        operators in capitals between words that are not, outside prose
    config*                             the beginning of a word, outside prose
    "general protection fault"          nothing but phrases

What is prose, an emphasis ("does NOT print") or a shout ("DO NOT TURN OFF") stays plain. docs/query-language.md tells
users.
"""

import re
from typing import TYPE_CHECKING, Final

from kb.text.stop_words import STOP_WORDS

if TYPE_CHECKING:
    from kb.matching.expression import Expression

OPERATORS: Final = ("AND", "OR", "NOT")
TEXT_FIELDS: Final = ("title", "error", "fix")
"""Fields that ask for words in a part of an article."""
FILTER_FIELDS: Final = ("product", "version", "kind", "date")
"""Fields that ask for what the options of the same names filter by."""
LONGEST_EXPRESSION: Final = 1000
"""Characters; nobody types more, and what is pasted is longer."""

_FIELD: Final = re.compile(rf"(?<![^\s(])(?:{'|'.join((*TEXT_FIELDS, *FILTER_FIELDS))}):(?=[\w\"(\[.#&-])")
_PHRASES: Final = re.compile(r'\s*(?:"[^"]*\w[^"]*"\s*)+')
_TOKEN: Final = re.compile(r'"[^"]*"|[()]|[^\s()"]+')
_PREFIX: Final = re.compile(r"[^\W_][\w.-]{2,}\*")
_EDGES: Final = ".,;:!?'"
_C_TYPES: Final = frozenset(["bool", "char", "double", "float", "int", "long", "short", "unsigned", "void", "wchar_t"])
# "modem NOT detected" is an emphasis; "modem NOT fax" is none.
_TOLD_OF: Final = re.compile(r"[a-z]+(?:ing|ed)|able|available|enough|found|responsive|sent|shown|valid")


def expression_of(query: str) -> "Expression | None":
    """Return the expression that `query` is, or None where it is plain text."""
    if not is_expression(query):
        return None
    # Only a query that uses the language waits for the parser's library.
    from kb.matching.query_parser import parsed

    return parsed(query.strip())


def is_expression(query: str) -> bool:
    """Tell whether a query clearly uses the query language."""
    text = query.strip()
    if len(text) > LONGEST_EXPRESSION or len(text.splitlines()) != 1:
        return False
    if _FIELD.search(text) or _PHRASES.fullmatch(text):
        return True
    tokens = _TOKEN.findall(text)
    if any(token.strip(_EDGES) in STOP_WORDS for token in tokens):
        return False
    return _has_operators(tokens) or _has_prefixes(tokens)


def _has_operators(tokens: list[str]) -> bool:
    """Tell whether there are operators, and all stand where operators may."""
    padded = ["(", *tokens, ")"]
    found = False
    for before, token, after in zip(padded, padded[1:], padded[2:], strict=False):
        if token in ("AND", "OR"):
            if not (_is_operand(before, ")") and (_is_operand(after, "(") or after == "NOT")):
                return False
        elif token == "NOT":  # noqa: S105  (no secret)
            if not _is_operand(after, "("):
                return False
            if before not in ("(", "AND", "OR") and (not _is_operand(before, ")") or _TOLD_OF.fullmatch(after)):
                return False
        found = found or token in OPERATORS
    return found


def _is_operand(token: str, bracket: str) -> bool:
    """Tell whether a token is a phrase, a group, or a word that is not all capitals."""
    if token == bracket or token.startswith('"'):
        return True
    if token in ("(", ")"):
        return False
    return any(c.islower() for c in token) or (any(c.isdigit() for c in token) and not any(c.isalpha() for c in token))


def _has_prefixes(tokens: list[str]) -> bool:
    """Tell whether words end in a star, and no other star is about."""
    found = [token[:-1] for token in tokens if _PREFIX.fullmatch(token)]
    stars = sum(token.count("*") for token in tokens if not token.startswith('"'))
    return 0 < len(found) == stars and _C_TYPES.isdisjoint(found) and all(any(map(str.isalpha, f)) for f in found)
