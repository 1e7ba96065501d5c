"""The pages: what the library finds, arranged for templates. Nothing is decided here that the library decides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import quote, urlencode

from starlette.responses import Response

from kb.answer import answer_with_hits, telling_apart
from kb.errors import BadInput
from kb.models import Answer, AppliesTo, Article, CrossReference, Hit, SearchResult
from kb.related import related
from kb.search import Searcher
from kb.serve.web.asking import Asked
from kb.serve.web.overview import overview
from kb.serve.web.prose import prose
from kb.serve.web.rendering import kind_words
from kb.serve.web.replies import page_reply
from kb.store.listing import newest
from kb.store.revisions import difference_words, differences
from kb.store.statistics import statistics
from kb.text.passages import Passage, gist, passages
from kb.text.printable import one_line
from kb.text.stop_words import STOP_WORDS
from kb.text.terms import terms as terms_of

MORE: Final = 30
"""Hits that "more results" shows."""
_FACETS: Final = (("product", "Product"), ("version", "Version"), ("year", "Year"), ("fix_kind", "Kind of fix"))
_OPEN_VALUES: Final = 6
_LABELS: Final = {
    "product": "Product", "version": "Version", "since": "From", "until": "Until", "kind": "Kind",
    "fix_kind": "Fix", "collection": "Collection",
}  # fmt: skip
_SAY_NOTHING: Final = frozenset(terms_of(" ".join(STOP_WORDS)))
"""Terms that are not marked, since they stand everywhere."""
_FIX_LINE: Final = 150
_LONGEST_PART: Final = 26_000
"""Characters of text on one page of an article: with its frame, a page stays below 50 KB."""
_LONGEST_QUOTE: Final = 2_500
_LISTED: Final = 25
_PER_PAGE: Final = 50
_SURE: Final = ((0.9, "Almost certainly right"), (0.63, "Probably right"), (0.35, "May be right"), (0.0, "A guess"))


def home(searcher: Searcher) -> Response:
    """Reply with the first page: the box, and ways to look around."""
    articles = searcher.articles
    seen = overview(articles)
    return page_reply(
        "home.html",
        asked=Asked(),
        articles=seen.counts.articles,
        products=seen.counts.by_product[:8],
        cited=seen.cited[:6],
        newest=newest(articles, limit=6).heads,
    )


def results(searcher: Searcher, asked: Asked) -> Response:
    """Reply with the answer to what was asked, and hits below it."""
    try:
        given, result, shown = answer_with_hits(searcher, asked.query, asked.filters, asked.limit)
    except BadInput as error:
        return page_reply("results.html", 422, asked=asked, problem=error, chips=list(_chips(asked)), result=None)
    terms = [term for term in result.understood.terms if term not in _SAY_NOTHING]
    return page_reply(
        "results.html",
        asked=asked,
        problem=None,
        chips=list(_chips(asked)),
        result=result,
        answer=given and _answer_view(searcher, given, asked, terms),
        hits=[_hit_view(hit, shown.get(hit.id), terms) for hit in result.hits],
        facets=list(_facet_views(result, asked)),
        more=asked.address({"limit": str(MORE)}) if len(result.hits) < min(result.total, MORE) else None,
        terms=terms,
    )


def article(searcher: Searcher, article_id: str, part: int) -> Response | None:
    """Reply with a page of an article; None where it has not so many pages."""
    found = searcher.articles.article(article_id)
    if found is None:
        return _unknown(searcher, article_id)
    parts = _parts_of(found)
    if not 1 <= part <= len(parts):
        return None
    close = related(searcher, article_id, 6)
    known = {each.id for each in found.cross_references if each.title}
    outline = _outline(parts)
    return page_reply(
        "article.html",
        asked=Asked(),
        article=found,
        sections=[
            {
                "heading": each.heading,
                "anchor": each.anchor,
                "is_fix": each.is_fix,
                "text": prose(each.passages, links=known),
            }
            for each in parts[part - 1]
        ],
        outline=outline,
        fix_at=next((each for each in outline if each["is_fix"]), None),
        part=part,
        parts=len(parts),
        applies_to=list(found.products or ([found.product] if found.product else [])),
        cites=_references(found.cross_references, "cites"),
        cited_by=_references(found.cross_references, "cited_by"),
        twins=close.twins,
        similar=[head for head, _ in close.similar],
        revisions=len(searcher.articles.revisions(article_id)),
    )


def _unknown(searcher: Searcher, article_id: str) -> Response:
    """Reply that an article is not here, with those that refer to it."""
    citing = searcher.articles.cited_by(article_id)
    return page_reply("unknown.html", 404, asked=Asked(), id=article_id, citing=citing[:_LISTED], count=len(citing))


def revisions(searcher: Searcher, article_id: str) -> Response | None:
    """Reply with every content that is kept of an article, and in what older ones differ."""
    kept = searcher.articles.revisions(article_id)
    if not kept:
        return None
    current = kept[0].article
    return page_reply(
        "revisions.html",
        asked=Asked(),
        id=article_id,
        title=current.title,
        revisions=[
            (each, [] if each.current else [difference_words(one) for one in differences(each.article, current)])
            for each in kept
        ],
    )


def original(searcher: Searcher, article_id: str, sha256: str | None) -> Response | None:
    """Reply with the bytes that an article was read from, as plain text whatever they are."""
    found = searcher.articles.original(article_id, sha256)
    if found is None:
        return None
    try:
        found[0].decode("utf-8")
        charset = "utf-8"
    except UnicodeDecodeError:
        charset = "windows-1252"
    return Response(found[0], headers={"content-type": f"text/plain; charset={charset}"})


def browse(searcher: Searcher) -> Response:
    """Reply with the ways to look around: products, years, what most others refer to."""
    seen = overview(searcher.articles)
    counts = seen.counts
    return page_reply(
        "browse.html",
        asked=Asked(),
        products=sorted(counts.by_product, key=lambda pair: pair[0].casefold()),
        years=counts.by_year,
        cited=seen.cited,
    )


def listing(searcher: Searcher, values: Mapping[str, str]) -> Response | None:
    """Reply with articles of a product or year, the newest first."""
    product, year, page = values.get("product") or None, values.get("year") or None, values.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 0
    found = newest(searcher.articles, product=product, year=year, skip=max(0, number - 1) * _PER_PAGE, limit=_PER_PAGE)
    pages = max(1, -(-found.total // _PER_PAGE))
    if not 1 <= number <= pages or not found.heads:
        return None
    chosen = {name: value for name, value in (("product", product), ("year", year)) if value}
    return page_reply(
        "listing.html",
        asked=Asked(),
        heading=" · ".join(chosen.values()) or "Newest articles",
        chosen=chosen,
        found=found,
        page=number,
        pages=pages,
        address=lambda to: "/browse/articles?" + urlencode({**chosen, "page": to}),
    )


def about(searcher: Searcher) -> Response:
    """Reply with what is in the archive, counted and drawn."""
    found = statistics(searcher.articles, overview(searcher.articles).counts)
    counts = found.counts
    by_year = dict(counts.by_year)
    first, last = min(by_year, default="1"), max(by_year, default="0")
    years = [(str(year), by_year.get(str(year), 0)) for year in range(int(first), int(last) + 1)]
    most = max(by_year.values(), default=1)
    width = 720 / max(1, len(years))
    bars = [
        {"year": year, "number": number, "x": place * width, "width": width * 0.72, "height": 160 * number / most}
        for place, (year, number) in enumerate(years)
    ]
    return page_reply(
        "about.html", asked=Asked(), found=found, counts=counts, bars=bars, step=width, engine=searcher.engine.name,
        notices=searcher.notices,
    )  # fmt: skip


def _answer_view(searcher: Searcher, given: Answer, asked: Asked, terms: Sequence[str]) -> dict[str, Any]:
    best = given.best
    shown = partial(prose, heading=4)
    choices = None
    if given.status == "unsure" and best is not None:
        told = telling_apart(searcher, [best.id, *(other.id for other in given.others)])
        # The choices are links here, so that the words for the command line are left out.
        choices = told and {"field": told[0], "values": [(each, asked.address({told[0]: each})) for each in told[1]]}
    return {
        "given": given,
        "best": best,
        "sure": next(words for least, words in _SURE if given.confidence >= least),
        "symptoms": shown(_short(best.symptoms), terms) if best and best.symptoms else None,
        "cause": shown(_short(best.cause)) if best and best.cause else None,
        "fix": shown(_short(best.fix.text)) if best and best.fix else None,
        "place": " / ".join(one_line(part) for part in (best.fix.section, best.fix.subsection) if part)
        if best and best.fix
        else "",
        "choices": choices,
        "ask": given.ask[1:] if choices else given.ask,
    }


def _short(text: str) -> Iterator[Passage]:
    """Yield the first passages of a text, as many as are read in one place."""
    left = _LONGEST_QUOTE
    for passage in passages(text):
        if len(passage.text) > left:
            yield Passage("prose", "…")
            return
        left -= len(passage.text)
        yield passage


def _hit_view(hit: Hit, article: Article | None, terms: Sequence[str]) -> dict[str, Any]:
    fix = article.fix if article else None
    return {
        "hit": hit,
        "product": hit.product or (hit.products[0] if hit.products else None),
        "versions": _versions(article.applies_to) if article else "",
        "fix": gist(fix.text, _FIX_LINE) if fix else None,
        "terms": terms,
    }


def _versions(entries: Sequence[AppliesTo]) -> str:
    named = list(dict.fromkeys(version for entry in entries for version in entry.versions))
    return ", ".join(named[:4]) + (" …" if len(named) > 4 else "")


def _facet_views(result: SearchResult, asked: Asked) -> Iterator[dict[str, Any]]:
    chosen = asked.chosen()
    for name, label in _FACETS:
        fields = ("since", "until") if name == "year" else (name,)
        if any(field in chosen for field in fields):
            continue  # a chip above the results takes it back
        values = [
            {
                "label": kind_words(value) if name == "fix_kind" else value,
                "count": count,
                "changes": dict.fromkeys(fields, value),
                "address": asked.address(dict.fromkeys(fields, value)),
            }
            for value, count in result.facets[name]
        ]
        if len(values) > 1:
            yield {"name": name, "label": label, "first": values[:_OPEN_VALUES], "rest": values[_OPEN_VALUES:]}


def _chips(asked: Asked) -> Iterator[dict[str, Any]]:
    chosen = asked.chosen()
    if chosen.get("since") and chosen.get("since") == chosen.get("until") and len(chosen["since"]) == 4:
        yield _chip(asked, "Year", chosen.pop("since"), ("since", "until"))
        del chosen["until"]
    for name, value in chosen.items():
        yield _chip(asked, _LABELS[name], kind_words(value) if name.endswith("kind") else value, (name,))


def _chip(asked: Asked, label: str, value: str, names: tuple[str, ...]) -> dict[str, Any]:
    return {"label": label, "value": value, "names": names, "address": asked.address(without=names)}


def _references(references: Sequence[CrossReference], direction: str) -> dict[str, Any]:
    found = [each for each in references if each.direction == direction]
    return {"first": found[:_LISTED], "more": max(0, len(found) - _LISTED)}


@dataclass(frozen=True, slots=True)
class _SectionPart:
    """A section, or as much of it as one page holds."""

    heading: str | None
    anchor: str
    is_fix: bool
    passages: tuple[Passage, ...]


def _parts_of(article: Article) -> list[list[_SectionPart]]:
    """Return the sections of an article by page."""
    pages: list[list[_SectionPart]] = [[]]
    room = _LONGEST_PART
    used: set[str] = set()
    fix_section = article.fix.section if article.fix else None
    for section in article.sections:
        anchor = _anchor(section.heading or section.kind, used)
        is_fix = fix_section is not None and section.heading == fix_section
        held: list[Passage] = []
        begun = False
        for passage in _cut(section.text):
            cost = len(passage.text) + 40
            if cost > room and (held or pages[-1]):
                if held:
                    pages[-1].append(_SectionPart(section.heading, anchor, is_fix, tuple(held)))
                    begun = True
                pages.append([])
                held, room = [], _LONGEST_PART
            held.append(passage)
            room -= cost
        if held or not begun:
            pages[-1].append(_SectionPart(section.heading, anchor, is_fix, tuple(held)))
    return pages


def _cut(text: str) -> Iterator[Passage]:
    """Yield passages, those that are longer than a page in pieces."""
    for passage in passages(text):
        if len(passage.text) <= _LONGEST_PART // 2:
            yield passage
            continue
        separator = "\n" if passage.kind == "kept" else " "
        piece: list[str] = []
        size = 0
        for each in passage.text.split(separator):
            if piece and size + len(each) > _LONGEST_PART // 2:
                yield Passage(passage.kind, separator.join(piece), passage.indent, passage.mark)
                piece, size = [], 0
            piece.append(each)
            size += len(each) + 1
        yield Passage(passage.kind, separator.join(piece), passage.indent, passage.mark)


def _anchor(heading: str, used: set[str]) -> str:
    plain = "-".join("".join(c if c.isalnum() else " " for c in heading.lower()).split())[:60] or "text"
    name, number = plain, 1
    while name in used:
        number += 1
        name = f"{plain}-{number}"
    used.add(name)
    return name


def _outline(parts: Sequence[Sequence[_SectionPart]]) -> list[dict[str, Any]]:
    """Return the sections of all pages of an article, each once."""
    found: dict[str, dict[str, Any]] = {}
    for number, part in enumerate(parts, start=1):
        for each in part:
            if each.heading:
                address = (f"?part={number}" if number > 1 else "") + f"#{quote(each.anchor)}"
                found.setdefault(
                    each.anchor,
                    {"heading": each.heading, "address": address, "part": number, "is_fix": each.is_fix},
                )
    return list(found.values())
