"""What an expression means, in the plainest Python: article by article, over the articles' own terms."""

from collections.abc import Callable, Sequence

from kb.matching.expression import And, Expression, Filtered, Not, Or, Phrase, Prefix, Text, Word
from kb.matching.expression_evaluation import error_terms
from kb.models import Article, Filters
from kb.text.dates import day_number
from kb.text.fields import FIELD_WEIGHTS, analyse, filter_values
from kb.text.signatures import message_signature, signature_terms
from kb.text.terms import terms

Resolve = Callable[[Filtered], Filters]


def satisfies(article: Article, expression: Expression, resolve: Resolve) -> bool:
    """Tell whether an article satisfies an expression; `resolve` gives the exact values of a filter."""
    match expression:
        case And(parts):
            return all(satisfies(article, part, resolve) for part in parts)
        case Or(parts):
            return any(satisfies(article, part, resolve) for part in parts)
        case Not(part):
            return not satisfies(article, part, resolve)
        case Filtered():
            return _is_within(article, resolve(expression))
        case Word() | Phrase() | Prefix():
            return _holds(article, expression)


def _holds(article: Article, part: Text) -> bool:
    fields = dict(zip(FIELD_WEIGHTS, analyse(article).fields, strict=True))
    own = set(fields.pop("signatures"))
    everywhere = {term for sequence in fields.values() for term in sequence}
    if part.field == "title":
        return _stands_in(part, [fields["title"]])
    if part.field == "fix":
        kind = part.text.lower().replace(" ", "_").replace("-", "_")
        return _stands_in(part, [fields["resolution"]]) or (article.fix is not None and article.fix.kind == kind)
    if part.field == "error" and not isinstance(part, Prefix):
        codes = list(error_terms(part.text))
        if codes and all(any(term in own | everywhere for term in each) for each in codes):
            return True
        message = message_signature(part.text)
        if message is not None and not own.isdisjoint(signature_terms([message])):
            return True
    return _stands_in(part, list(fields.values()))


def _stands_in(part: Text, fields: Sequence[Sequence[str]]) -> bool:
    wanted = terms(part.text)
    held = {term for sequence in fields for term in sequence}
    match part:
        case Prefix(text):
            return wanted[0] in held or any(term.startswith(text.lower()) for term in held)
        case Phrase():
            return any(
                list(sequence[start : start + len(wanted)]) == wanted
                for sequence in fields
                for start in range(len(sequence))
            )
        case Word():
            return held >= set(wanted)


def _is_within(article: Article, filters: Filters) -> bool:
    values = filter_values(article)
    if any(wanted.isdisjoint(values.get(name, ())) for name, wanted in filters.keywords.items()):
        return False
    if filters.since is None and filters.until is None:
        return True
    if article.date is None:
        return False
    day = day_number(article.date)
    return (filters.since is None or day >= filters.since) and (filters.until is None or day <= filters.until)
