"""Everything that is derived from an article's sections, in the order in which one thing needs another."""

from dataclasses import replace
from typing import Any, Final

from indexer.diagnostics import diagnostic
from indexer.fields.article_kind import article_kind, states_kind
from indexer.fields.error_codes import find_error_codes
from indexer.fields.error_messages import find_error_messages, from_event_id
from indexer.fields.fix import find_fix
from indexer.fields.fixed_in import find_fixed_in
from indexer.fields.references import find_cross_references, names_article_by_word
from indexer.fields.sections import section_texts
from indexer.fields.signatures import article_signatures
from kb.models import PROBLEM_KINDS, Article, ArticleKind, Diagnostic, Fix, Section, SectionKind

TEXT_KINDS: Final[tuple[SectionKind, ...]] = (
    "symptoms",
    "cause",
    "resolution",
    "workaround",
    "status",
    "more_information",
    "summary",
)


def body_text(sections: tuple[Section, ...]) -> str:
    """Return the sections as one text, each under its heading."""
    return "\n\n".join(f"{s.heading}\n\n{s.text}" if s.heading else s.text for s in sections)


def complete(article: Article) -> Article:
    """Return the article with all derived fields, and diagnostics of what was guessed for them.

    Needs id, title and sections; works for every form.
    """
    sections = article.sections
    body = body_text(sections)
    messages = find_error_messages(section.text for section in sections)
    crosses = find_cross_references(body, article.id)
    named = section_texts(sections, TEXT_KINDS)
    kind = article_kind(
        article.title, named, article.issue_type, article.solution_type, article.keywords, messages, body
    )
    fix = find_fix(kind, sections)
    return replace(
        article,
        **_errors(article, messages),
        symptoms=named["symptoms"],
        cause=named["cause"],
        resolution=named["resolution"],
        workaround=named["workaround"],
        status=named["status"],
        more_information=named["more_information"],
        summary=named["summary"],
        kind=kind,
        fix=fix,
        fixed_in=find_fixed_in(_own_texts(sections)),
        references=tuple(c.id for c in crosses),
        cross_references=crosses,
        diagnostics=(*article.diagnostics, *_notes(article, kind, fix, body)),
    )


def with_errors(article: Article) -> Article:
    """Return the article with the messages, codes and signatures that its title and sections hold, and no others."""
    return replace(article, **_errors(article, find_error_messages(section.text for section in article.sections)))


def _errors(article: Article, messages: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of an article that follow from its messages, title and sections."""
    codes = find_error_codes(article.title, _own_texts(article.sections), messages)
    return {
        "error_messages": tuple(dict.fromkeys(from_event_id(message) for message in messages)),
        "error_codes": codes,
        "signatures": article_signatures(codes, messages),
    }


def _own_texts(sections: tuple[Section, ...]) -> list[str]:
    # References name other problems.
    return [section.text for section in sections if section.kind != "references"]


def _notes(article: Article, kind: ArticleKind, fix: Fix | None, body: str) -> list[Diagnostic]:
    if not any(s.text for s in article.sections):
        return [diagnostic("no-body")]
    notes = []
    if not (article.issue_type or states_kind(article.title)):
        notes.append(diagnostic("kind-guessed", kind))
    if names_article_by_word(body):
        notes.append(diagnostic("reference-without-id"))
    if not any(s.heading for s in article.sections):
        notes.append(diagnostic("no-headings"))
    if fix is None and kind in PROBLEM_KINDS:
        notes.append(diagnostic("fix-not-found"))
    own = {section.heading for section in article.sections if section.kind in ("resolution", "workaround")}
    if fix is not None and fix.kind != "procedure" and fix.section not in own:
        notes.append(diagnostic("fix-elsewhere", fix.section or ""))
    return notes
