"""Understand a query: the terms to search, error signatures, products and versions that it names."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from kb.errors import BadInput
from kb.frozen import dataclass
from kb.matching.nicknames import NICKNAMES
from kb.models import Signature
from kb.text.acronyms import Acronym
from kb.text.signatures import find_signatures, message_signatures, signature_terms
from kb.text.stop_words import STOP_WORDS
from kb.text.terms import terms, words

LONGEST_QUERY: Final = 100_000
"""Characters; more is a whole log, of which no part is more telling than the first."""
_REPEATED: Final = 1.0
"""How soon repetition of a term in the query stops adding weight: weight = n * (1 + r) / (n + r)."""
_EXPANSION: Final = 0.2
"""Weight of the words that a nickname stands for, beside those that the user wrote."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of a query.

    `weights` are the terms of words to search with; `order` are those that the user wrote, in order, for nearness.
    `exact` are the terms of codes and messages that an article can hold as its own. `acronyms` are those that the query
    has, or spells out (kb/matching/expansion.py).
    """

    query: str
    weights: Mapping[str, float]
    order: tuple[str, ...]
    exact: tuple[str, ...]
    signatures: tuple[Signature, ...] = ()
    products: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    acronyms: tuple[Acronym, ...] = ()


def understand(query: str) -> Understanding:
    """Return what `query` says; raise BadInput when it is empty or says nothing that can be searched."""
    text = query[:LONGEST_QUERY]
    written = terms(text)
    if not written:
        raise BadInput(
            "the query is empty", next_step='describe what you see, for example: kbfix search "printer offline"'
        )
    if not any(_tells(text[word.start : word.end]) for word in words(text) if word.terms):
        raise BadInput(
            "the query has only words that stand in every article",
            next_step="add what you see: the error message, the product, what you did",
        )
    order = tuple(written)
    counted = Counter(order)
    weights = {term: n * (1 + _REPEATED) / (n + _REPEATED) for term, n in counted.items()}
    products: dict[str, None] = {}
    versions: dict[str, None] = {}
    for term in counted:
        if term in NICKNAMES:
            product, version = NICKNAMES[term]
            products[product] = None
            if version:
                versions[version] = None
            for added in terms(f"{product} {version or ''}"):
                weights.setdefault(added, _EXPANSION)
    signatures = find_signatures(text)
    exact = signature_terms((*signatures, *message_signatures(text)))
    return Understanding(text, weights, order, exact, signatures, tuple(products), tuple(versions))


def _tells(word: str) -> bool:
    """Tell whether a word is worth a search: stop words are searched too, but say nothing alone."""
    return word.lower().replace("'", "").replace("’", "") not in STOP_WORDS
