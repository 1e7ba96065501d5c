"""The search fields of an article, their weights, and the values that filters ask for.

Weights are those of BM25F (Robertson, Zaragoza, Taylor: Simple BM25 extension to multiple weighted fields, CIKM 2004):
an article's frequency of a term is the weighted sum of its frequencies in the fields, and is saturated once, as a sum.
"""

from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache

from kb.frozen import dataclass
from kb.models import AppliesTo, Article
from kb.text.acronyms import Acronym, acronyms
from kb.text.dates import day_number
from kb.text.signatures import message_signatures, signature_terms
from kb.text.terms import terms

FIELD_WEIGHTS: Mapping[str, float] = {
    "title": 3.0,
    "symptoms": 2.0,
    "cause": 1.0,
    "resolution": 0.5,
    "status": 0.1,
    "more_information": 0.5,
    "summary": 1.5,
    "applies_to": 1.0,
    "query_words": 1.5,
    "references": 0.2,
    "body": 1.0,
    "signatures": 2.0,
}
"""Field -> weight, in the order of the forward index. Tuned on labelled queries: docs/relevance.md."""

_FIELD_OF_SECTION = {
    "symptoms": "symptoms",
    "cause": "cause",
    "resolution": "resolution",
    "workaround": "resolution",
    "status": "status",
    "more_information": "more_information",
    "summary": "summary",
    "references": "references",
    "notice": "body",
    "body": "body",
}

FACETS = ("product", "version", "year", "kind", "fix_kind")
"""What results are counted by; of each an article has one value, none, or (versions) several."""

VERSION_OF_PRODUCT = "{product}|{version}"
"""A value of the filter field `version` that ties the version to one product; plain versions stand beside it."""


@dataclass(frozen=True, slots=True)
class AnalysedArticle:
    """An article as terms: one sequence a search field, in the order of `FIELD_WEIGHTS`, and its filter values.

    `acronyms` are those that it spells out, `facets` its names and values of `FACETS`.
    """

    id: str
    fields: tuple[tuple[str, ...], ...]
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date: int | None = None
    acronyms: tuple[Acronym, ...] = ()
    facets: tuple[tuple[str, str], ...] = ()


def analyse(article: Article) -> AnalysedArticle:
    """Cut every search field of `article` into terms and collect its filter values."""
    fields = {name: tuple(terms(text)) if text else () for name, text in field_texts(article).items()}
    fields["signatures"] = article_signature_terms(article)
    return AnalysedArticle(
        id=article.id,
        fields=tuple(fields.values()),
        keywords=filter_values(article),
        date=day(article),
        acronyms=defined_acronyms(article),
        facets=facet_values(article),
    )


def field_texts(article: Article) -> dict[str, str]:
    """Return the text of every search field of `article`, in the order of `FIELD_WEIGHTS`; signatures have none."""
    texts: dict[str, list[str]] = {name: [] for name in FIELD_WEIGHTS}
    texts["title"] += [article.title, article.id]
    current = "body"
    for section in article.sections:
        # A part under a heading of its own belongs to the canonical section in which it stands.
        current = _FIELD_OF_SECTION.get(section.kind, current)
        if section.heading and section.kind == "other":
            texts[current].append(section.heading)
        texts[current].append(section.text)
    texts["applies_to"] += article.products
    texts["query_words"] += article.query_words
    return {name: "\n".join(parts) for name, parts in texts.items()}


def article_signature_terms(article: Article) -> tuple[str, ...]:
    """Return the terms of the field `signatures`: of the article's codes, and of all parts of its messages."""
    messages = (part for message in article.error_messages for part in message_signatures(message))
    return signature_terms((*article.signatures, *messages))


def defined_acronyms(article: Article) -> tuple[Acronym, ...]:
    """Return the acronyms that `article` spells out."""
    return acronyms((article.title, *(section.text for section in article.sections)))


def day(article: Article) -> int | None:
    """Return the date of `article` as a day number."""
    return day_number(article.date) if article.date else None


def filter_values(article: Article) -> dict[str, tuple[str, ...]]:
    """Return the values that the engines' filters compare for `article`, by filter field."""
    pairs = product_versions(article)
    versions: dict[str, None] = {}
    for name, version in pairs:
        if version:
            versions[version] = None
            versions[VERSION_OF_PRODUCT.format(product=name, version=version)] = None
    values = {
        "product": tuple(dict.fromkeys(name for name, _ in pairs)),
        "version": tuple(versions),
        "kind": (article.kind,),
        "fix_kind": (article.fix.kind,) if article.fix else (),
        "collection": (article.collection,) if article.collection else (),
        "category": (article.category,) if article.category else (),
    }
    return {name: found for name, found in values.items() if found}


def facet_values(article: Article) -> tuple[tuple[str, str], ...]:
    """Return what results that hold `article` are counted by: names and values of `FACETS`, distinct."""
    versions = dict.fromkeys(version for _, version in product_versions(article))
    found = [
        ("product", first_product(article)),
        *(("version", version) for version in versions),
        ("year", article.date[:4] if article.date else None),
        ("kind", article.kind),
        ("fix_kind", article.fix.kind if article.fix else None),
    ]
    return tuple((name, value) for name, value in found if value)


def first_product(article: Article) -> str | None:
    """Return the product that `article` is filed under, else the first that it applies to, as written."""
    return article.product or (article.products[0] if article.products else None)


def product_names(article: Article) -> tuple[str, ...]:
    """Return the lower-case names of all products of `article`: where it was filed, and what it applies to."""
    names = dict.fromkeys(name for name, _ in product_versions(article))
    return tuple(names)


def product_versions(article: Article) -> tuple[tuple[str, str | None], ...]:
    """Return the distinct pairs of lower-case product name and version (None: the product as such) of `article`."""
    pairs: dict[tuple[str, str | None], None] = {}
    if article.product:
        pairs[article.product.lower(), None] = None
    for entry in article.applies_to:
        pairs.update(_entry_versions(entry))
    return tuple(pairs)


# Thousands of articles apply to the same few hundred products.
@lru_cache(maxsize=4096)
def _entry_versions(entry: AppliesTo) -> dict[tuple[str, str | None], None]:
    name = entry.product.lower()
    pairs: dict[tuple[str, str | None], None] = {(name, None): None}
    for version in (*entry.versions, entry.first, entry.last, *(entry.service_pack or "").split(",")):
        if version and version.strip():
            pairs[name, version.strip().lower()] = None
    return pairs
