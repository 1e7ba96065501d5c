"""The records that agents get, as types: their output schemas are made of these."""

from typing import Literal

# Below Python 3.12 the schemas can be made of these only, not of those in typing.
from typing_extensions import TypedDict


class QuotedFix(TypedDict):
    """What to do; `cut` tells that there is more of it."""

    kind: str
    text: str
    cut: bool


class QuotedText(TypedDict):
    """What an article says under a heading; `cut` tells that there is more of it."""

    section: str
    text: str
    cut: bool


class FoundArticle(TypedDict):
    """An article that may have the fix; `confidence` is the chance that it has, null where it was not reckoned.

    `instead` is what the article has to say where it names no fix.
    """

    rank: int
    id: str
    score: float
    confidence: float | None
    title: str
    products: list[str]
    date: str | None
    kind: str
    symptom: str
    fix: QuotedFix | None
    instead: QuotedText | None


class SearchRecord(TypedDict):
    """What `search_fixes` returns; `status` is null where the query is an expression."""

    notice: str
    status: Literal["answer", "unsure", "none"] | None
    total: int
    hits: list[FoundArticle]
    ask: list[str]
    remarks: list[str]
    cut: str | None


class AnswerFix(TypedDict):
    """The fix of an answer and the section that it stands in."""

    kind: str
    section: str | None
    text: str
    cut: bool


class BestArticle(TypedDict):
    """The article that answers."""

    id: str
    title: str
    products: list[str]
    date: str | None
    symptoms: str | None
    cause: str | None
    fix: AnswerFix | None
    twins: list[str]
    warnings: list[str]


class OtherArticle(TypedDict):
    """Another article that may be the right one, with the chance that it is."""

    id: str
    title: str
    confidence: float


class AnswerRecord(TypedDict):
    """What `get_answer` returns."""

    notice: str
    status: Literal["answer", "unsure", "none"]
    confidence: float
    best: BestArticle | None
    others: list[OtherArticle]
    ask: list[str]
    remarks: list[str]
    cut: str | None


class ReadSection(TypedDict):
    """A section: its length, and its text from `start` on, as much of it as there is room for."""

    name: str
    kind: str
    characters: int
    start: int
    text: str
    cut: bool


class ArticleRecord(TypedDict):
    """What `read_article` returns."""

    notice: str
    id: str
    collection: str | None
    title: str
    date: str | None
    kind: str
    products: list[str]
    sections: list[ReadSection]
    cut: str | None


class NamedArticle(TypedDict):
    """An article in a list."""

    id: str
    title: str | None


class SimilarArticle(TypedDict):
    """An article like another one."""

    id: str
    title: str
    score: float


class RelatedRecord(TypedDict):
    """What `related_articles` returns."""

    notice: str
    id: str
    title: str
    cites: list[NamedArticle]
    cited_by: list[NamedArticle]
    twins: list[NamedArticle]
    similar: list[SimilarArticle]
    cut: str | None
