"""Read an expression of the query language with Whoosh's query parser; no type of Whoosh's leaves this module.

The parser is the front only: it knows brackets, operators, fields, phrases, ranges and prefixes. Its tree is made into
our own at once (kb/matching/expression.py), which means the same with every engine.
"""

import re
import warnings
from typing import Any, Final

from kb.matching.expression import Expression, Filtered, Not, Phrase, Prefix, Word, all_of, any_of
from kb.matching.query_language import FILTER_FIELDS, OPERATORS, TEXT_FIELDS
from kb.text.terms import terms, words

with warnings.catch_warnings():
    # Not yet compiled, Whoosh's sources warn of their escapes on stderr, and fail under -W error.
    warnings.simplefilter("ignore")
    from whoosh import query as whoosh_query
    from whoosh.qparser import QueryParser, plugins

_ANYWHERE: Final = ""
_FIELD: Final = rf"(?<![^\s()])(?P<text>{'|'.join((*TEXT_FIELDS, *FILTER_FIELDS))}):(?=\S)"
_RANGE: Final = re.compile(
    r"(?P<open>\[)\s*(?P<start>[\w-]*)(?:(?<=\[)|\s+)TO(?:\s+|(?=\]))(?P<end>[\w-]*)\s*(?P<close>\])"
)
_DOTS: Final = ".."


class _NotOurs(ValueError):
    """The parser's tree has something that the language has not."""


def parsed(text: str) -> Expression | None:
    """Return the expression that `text` spells, or None where it spells none."""
    try:
        tree = _parser().parse(text, normalize=False)
    except Exception:  # noqa: BLE001  (on odd input the parser fails in many ways, IndexError and recursion among them)
        return None
    try:
        return _converted(tree)
    except (_NotOurs, RecursionError):
        return None


def _parser() -> QueryParser:
    # In this order: what stands first is tried first. The white space plugin comes by itself.
    chosen = [
        plugins.FieldsPlugin(expr=_FIELD, remove_unknown=False),
        plugins.PhrasePlugin(),
        plugins.RangePlugin(expr=_RANGE),
        plugins.GroupPlugin(),
        plugins.OperatorsPlugin(AndNot=None, AndMaybe=None, Require=None),
        plugins.PrefixPlugin(),
    ]
    return QueryParser(_ANYWHERE, None, plugins=chosen)


def _converted(node: Any) -> Expression | None:
    """Return what a node of the parser's tree says, or None where it says nothing that could be searched."""
    match node:
        case whoosh_query.And() | whoosh_query.Or():
            parts = tuple(part for each in node.subqueries if (part := _converted(each)) is not None)
            join = any_of if isinstance(node, whoosh_query.Or) else all_of
            return join(parts) if parts else None
        case whoosh_query.Not():
            denied = _converted(node.query)
            return denied and Not(denied)
        case whoosh_query.Prefix():
            return _prefix(node.text, node.fieldname)
        case whoosh_query.Phrase():
            if node.slop != 1:
                raise _NotOurs(node)
            return _phrase(" ".join(node.words), node.fieldname)
        case whoosh_query.Term():
            return _words(node.text, node.fieldname)
        case whoosh_query.TermRange() if node.fieldname == "date":
            return _filtered(f"{node.start or ''}{_DOTS}{node.end or ''}", "date")
    if node == whoosh_query.NullQuery:
        return None
    raise _NotOurs(node)


def _phrase(text: str, field: str) -> Expression | None:
    if field in FILTER_FIELDS:
        return _filtered(text, field)
    return Phrase(text, field or None) if terms(text) else None


def _words(text: str, field: str) -> Expression | None:
    """Return the words of a run of characters without blanks; most runs are one."""
    if field in FILTER_FIELDS:
        return _filtered(text, field)
    # A signed number is one code: its sign tells it from another.
    if field == "error" and re.fullmatch(r"-\d+", text):
        return Word(text, field)
    found = tuple(Word(each, field or None) for each in _cut(text))
    return all_of(found) if found else None


def _prefix(text: str, field: str) -> Expression | None:
    if field in FILTER_FIELDS:
        return _filtered(f"{text}*", field)
    found = _cut(text)
    if not found:
        return None
    *before, last = found
    return all_of((*(Word(each, field or None) for each in before), Prefix(last, field or None)))


def _cut(text: str) -> list[str]:
    """Return the words of `text` that have terms, such that none looks like an operator or a field."""
    found = [text[word.start : word.end] for word in words(text)]
    parts = [part for each in found for part in (each.split(":") if re.match(_FIELD, each) else (each,))]
    return [part.lower() if part in OPERATORS else part for part in parts if terms(part)]


def _filtered(text: str, field: str) -> Expression | None:
    value = text.replace('"', "").strip()
    if not value.strip("."):
        return None
    if field == "date":
        since, dots, until = value.partition(_DOTS)
        return Filtered(since=since or None, until=(until if dots else since) or None)
    return Filtered(**{field: value})
