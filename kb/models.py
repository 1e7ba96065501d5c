"""The data that flow through kbfix, each a frozen dataclass.

`RawFile -> Article -> IndexDocument -> Candidate -> Hit -> Answer`: every step is one function from one of these to
the next. They hold plain values only, so that any of them can be sent to another process.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Final, Literal

from kb.frozen import dataclass

ArticleKind = Literal["bug", "fix", "problem", "howto", "information", "documentation", "error_message"]
PROBLEM_KINDS: Final[frozenset[str]] = frozenset(("problem", "bug", "fix", "error_message"))
"""Kinds of article that tell of something gone wrong, as who looks for a fix does."""
FixKind = Literal["resolution", "workaround", "service_pack", "by_design", "no_fix", "procedure"]
FIX_WORDS: Final[Mapping[str, str]] = {
    "resolution": "resolution",
    "workaround": "workaround",
    "service_pack": "update or service pack",
    "by_design": "by design",
    "no_fix": "no fix known",
    "procedure": "procedure",
}
"""What each kind of fix is called where people read it."""
SectionKind = Literal[
    "symptoms", "cause", "resolution", "workaround", "status", "more_information", "summary", "references",
    "notice", "body", "other",
]  # fmt: skip
DiagnosticLevel = Literal["note", "warning", "error"]
SignatureType = Literal[
    "article_id", "stop", "event_id", "hresult", "win32", "hex", "exception", "run_time", "compiler", "http",
    "sql_state", "error_number", "code", "message",
]  # fmt: skip
AnswerStatus = Literal["answer", "unsure", "none"]
Direction = Literal["cites", "cited_by"]


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file as found, before anything is known of it.

    `path` is what the user can find it by; a member of an archive is `archive.zip!folder/name`. `name` is the last
    part of it. `data` are the bytes as they stand in the source.
    """

    path: str
    data: bytes

    @property
    def name(self) -> str:
        """Return the file's own name, without folders or archive."""
        return self.path.replace("\\", "/").replace("!", "/").rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What a parser guessed or could not read, and what it did about it. Codes: docs/diagnostics.md."""

    level: DiagnosticLevel
    code: str
    what: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One part of an article under one heading, as written.

    `heading` is None for text that stands before the first heading. `kind` names the canonical section it is; parts
    under other headings are `other` and belong to the canonical section before them.
    """

    heading: str | None
    kind: SectionKind
    text: str

    def is_named(self, wanted: str) -> bool:
        """Tell whether a user who says `wanted` means this section: by its heading or its kind, in any case."""
        asked = wanted.strip().casefold().replace(" ", "_")
        return asked in (self.kind, (self.heading or "").casefold().replace(" ", "_"))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure, with the steps nested in it."""

    text: str
    steps: tuple["Step", ...] = ()


@dataclass(frozen=True, slots=True)
class Fix:
    """What to do, wherever the article says it: `section` (heading as written) and `subsection` tell where."""

    kind: FixKind
    text: str
    steps: tuple[Step, ...] = ()
    section: str | None = None
    subsection: str | None = None


@dataclass(frozen=True, slots=True)
class AppliesTo:
    """One product with the versions that an article applies to.

    `first` and `last` bound the range as comparable version strings (JSON: `from`, `to`); `versions` are those
    named one by one.
    """

    product: str
    first: str | None = None
    last: str | None = None
    versions: tuple[str, ...] = ()
    service_pack: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """A code or message by which a failure is known, in one spelling; `source` is who logged an event.

    Types and spellings: kb/text/signatures.py.
    """

    type: SignatureType
    value: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class CrossReference:
    """Another article that this one names, or that names this one, with the title where it is known."""

    id: str
    title: str | None = None
    direction: Direction = "cites"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article came from: its path, the form it was read as, and the SHA-256 of its bytes."""

    path: str
    form: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Article:
    """A knowledge base article: its sections as written, its fields, and what was derived from them.

    An absent value is None or an empty tuple. Conventions of every field: docs/article.md.
    """

    id: str
    title: str
    source: Source
    collection: str | None = None
    date: str | None = None
    category: str | None = None
    product: str | None = None
    versions: str | None = None
    products: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    applies_to: tuple[AppliesTo, ...] = ()
    keywords: tuple[str, ...] = ()
    technology: tuple[str, ...] = ()
    issue_type: tuple[str, ...] = ()
    solution_type: tuple[str, ...] = ()
    query_words: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    symptoms: str | None = None
    cause: str | None = None
    resolution: str | None = None
    workaround: str | None = None
    status: str | None = None
    more_information: str | None = None
    summary: str | None = None
    kind: ArticleKind = "information"
    fix: Fix | None = None
    fixed_in: tuple[str, ...] = ()
    error_messages: tuple[str, ...] = ()
    error_codes: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    references: tuple[str, ...] = ()
    cross_references: tuple[CrossReference, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """What an engine is given of an article: one weighted bag of terms, and the values that filters ask for.

    `terms` maps each term to its weighted frequency in the sense of BM25F (kb/text/fields.py says how). `keywords`
    maps the name of a filter field to the article's values, compared exactly. `date` is days since 1970-01-01.
    """

    id: str
    terms: Mapping[str, float]
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date: int | None = None


@dataclass(frozen=True, slots=True)
class CountedDocument:
    """An `IndexDocument` for an engine that counts: `terms` has each term as often as its frequency, rounded."""

    id: str
    terms: Sequence[str]
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date: int | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a candidate must satisfy, inside the engine.

    `keywords` maps a filter field to the values of which an article must have at least one; all fields named must
    hold. `since` and `until` are days since 1970-01-01, both inclusive; an article without a date fails either.
    """

    keywords: Mapping[str, frozenset[str]] = field(default_factory=dict)
    since: int | None = None
    until: int | None = None

    def __bool__(self) -> bool:
        return bool(self.keywords) or self.since is not None or self.until is not None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that an engine brings, with the engine's own score (higher is better)."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result: what a list shows of an article, and why it is there.

    `score` is comparable within one result only. `matched` are words of the query, as the user wrote them, that the
    article holds; `snippet` is the part of its text in which most of them stand.
    """

    rank: int
    id: str
    score: float
    title: str
    product: str | None
    products: tuple[str, ...]
    date: str | None
    kind: str
    fix_kind: str | None
    snippet: str
    matched: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of a query, as it is told to the user; every value in one spelling.

    `acronyms` are pairs of an acronym and what it stands for. `expression` is the query in the query language, None
    where it is plain text.
    """

    products: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    acronyms: tuple[tuple[str, str], ...] = ()
    terms: tuple[str, ...] = ()
    expression: str | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to one search: hits, best first, and the facets of all scored (field -> value and count).

    `total` counts the articles that were scored, or of an expression all that satisfy it.
    """

    query: str
    understood: Understood
    engine: str
    took_ms: float
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Best:
    """The article that answers, reduced to what decides and what to do."""

    id: str
    title: str
    products: tuple[str, ...]
    date: str | None
    symptoms: str | None
    cause: str | None
    fix: Fix | None
    twins: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Other:
    """Another article that may be the right one, with the chance that it is."""

    id: str
    title: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What kbfix answers to a symptom; `confidence` is the chance that `best` is right.

    `corrected` are pairs of a misspelt word of the query and the one that was searched for.
    """

    query: str
    status: AnswerStatus
    confidence: float
    best: Best | None
    others: tuple[Other, ...] = ()
    ask: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
