"""What each tool replies: the same library calls as the command line's, told within a budget of tokens."""

from collections.abc import Iterable, Sequence
from typing import Final

from kb.answer import answer, answer_with_hits
from kb.errors import BadInput, UnknownArticle
from kb.models import Answer, Article, Best, CrossReference, Hit, SearchResult, Section
from kb.related import related
from kb.search import Searcher, SearchFilters
from kb.serve.agents.budget import Reply, Room, cut, fitted, size, uncut_length
from kb.serve.agents.records import (
    AnswerFix,
    AnswerRecord,
    ArticleRecord,
    BestArticle,
    FoundArticle,
    NamedArticle,
    QuotedFix,
    QuotedText,
    ReadSection,
    RelatedRecord,
    SearchRecord,
)
from kb.serve.agents.words import NOTICE, for_agents
from kb.store.articles import ArticleHead
from kb.text.ids import article_id
from kb.text.printable import clean, one_line

LEAST_TOKENS: Final = 600
"""What a reply takes that has only its fixed parts, all of them as long as they may be."""
MOST_TOKENS: Final = 50_000
FIX: Final = "fix"
"""The name under which `read_article` gives the fix of an article, wherever it stands."""
_RESOURCE: Final = 24_000
"""Bytes of an article as a resource, which has no parameter for that."""
_WHOLE_FIXES: Final = 2
"""Hits whose fix is told as far as there is room."""
_LEAST_HITS: Final = 3
"""Hits that no long fix takes the place of."""
_GIST: Final = 600
"""Bytes of what an article says that names no fix."""
_BRIEF: Final = 140
"""Bytes of a fix in brief."""
_EXCERPT: Final = 160
_TITLE: Final = 150
_WORDS: Final = 160
"""Bytes of one question or remark."""
_PRODUCTS: Final = 2
_PRODUCT: Final = 60
_LISTED: Final = 5
_READ_FIRST: Final = ("symptoms", "cause", "resolution", "workaround", "status", "summary")


def search_reply(searcher: Searcher, query: str, filters: SearchFilters, limit: int, max_tokens: int) -> Reply:
    """Reply with the articles that fit a query, the fixes of the first of them told as far as the budget allows."""
    _check(max_tokens)
    # An expression says what an article must have; how likely it is to help cannot be told, so nothing is given.
    given, result, articles = answer_with_hits(searcher, query, filters, limit)
    found = [articles[hit.id] for hit in result.hits]
    asked = sum(size(each.fix.text) if each.fix else _GIST for each in found[:_WHOLE_FIXES]) + 2 * _EXCERPT
    ask = _words(given.ask) if given else []
    remarks = _words((*_understood_as(result), *searcher.notices))

    def build(shown: int, characters: int) -> Reply:
        room = Room(characters)
        told = [_advice(article, place, room) for place, article in enumerate(found[:shown])]
        hits = [
            _found(hit, advice, _chance(given, hit.id), room) for hit, advice in zip(result.hits, told, strict=False)
        ]
        record = SearchRecord(
            notice=NOTICE,
            status=given.status if given else None,
            total=result.total,
            hits=hits,
            ask=ask[: shown or 1],
            remarks=remarks[: shown or 1],
            cut=_cut_of_search(hits, len(result.hits)),
        )
        return Reply(record, "\n".join(_search_lines(record, given)))

    entries = max(len(found), len(ask), len(remarks))
    return fitted(build, entries, max_tokens, asked=asked, least=_LEAST_HITS)


def answer_reply(searcher: Searcher, query: str, filters: SearchFilters, max_tokens: int) -> Reply:
    """Reply with the best article's fix, its cause and symptoms behind it, and how sure that is."""
    _check(max_tokens)
    given = answer(searcher, query, filters)
    corrected = [f"searched for {right} instead of {wrong}" for wrong, right in given.corrected]
    ask, remarks = _words(given.ask), _words((*corrected, *searcher.notices))

    def build(shown: int, characters: int) -> Reply:
        best = _best(given.best, Room(characters)) if given.best else None
        record = AnswerRecord(
            notice=NOTICE,
            status=given.status,
            confidence=round(given.confidence, 4),
            best=best,
            others=[
                {"id": each.id, "title": _title(each.title), "confidence": round(each.confidence, 4)}
                for each in given.others[:shown]
            ],
            ask=ask[: shown or 1],
            remarks=remarks[: shown or 1],
            cut=_cut_of_best(given.best, best),
        )
        return Reply(record, "\n".join(_answer_lines(record)))

    return fitted(build, max(len(given.others), len(ask), len(remarks)), max_tokens)


def article_reply(searcher: Searcher, name: str, section: str | None, start: int, max_tokens: int) -> Reply:
    """Reply with an article, or with one section of it from the character `start` on."""
    _check(max_tokens)
    article = _known(searcher, name)
    parts = list(article.sections) if section is None else [_named(article, section)]
    texts = [_text(part.text) for part in parts]
    if start and (section is None or not 0 < start < len(texts[0])):
        raise BadInput(
            f"there is no character {start} to start from",
            next_step="name one section, and a start below its number of characters",
        )

    def build(shown: int, characters: int) -> Reply:
        room = Room(characters)
        # What is read first gets of the room first, wherever in the article it stands.
        order = sorted(range(min(shown, len(parts))), key=lambda place: (parts[place].kind not in _READ_FIRST, place))
        kept = {place: room.take(texts[place][start:]) for place in order}
        record = ArticleRecord(
            notice=NOTICE,
            id=article.id,
            collection=article.collection,
            title=_title(article.title),
            date=article.date,
            kind=article.kind,
            products=_products(article.products),
            sections=[
                ReadSection(
                    name=_section_name(part),
                    kind=part.kind,
                    characters=len(texts[place]),
                    start=start,
                    text=kept[place][0],
                    cut=kept[place][1],
                )
                for place, part in enumerate(parts[:shown])
            ],
            cut=None,
        )
        record["cut"] = _cut_of_article(record, len(parts))
        return Reply(record, "\n".join(_article_lines(record)))

    return fitted(build, len(parts), max_tokens)


def related_reply(searcher: Searcher, name: str, limit: int, max_tokens: int) -> Reply:
    """Reply with what an article refers to, what refers to it, its twins and articles like it."""
    _check(max_tokens)
    found = related(searcher, _known(searcher, name).id, limit)
    cites = [_named_article(each) for each in found.cross_references if each.direction == "cites"]
    cited_by = [_named_article(each) for each in found.cross_references if each.direction == "cited_by"]
    twins = [_named_article(each) for each in found.twins]
    longest = max(len(cites), len(cited_by), len(twins), len(found.similar))

    def build(shown: int, _: int) -> Reply:
        record = RelatedRecord(
            notice=NOTICE,
            id=found.id,
            title=_title(found.title),
            cites=cites[:shown],
            cited_by=cited_by[:shown],
            twins=twins[:shown],
            similar=[
                {"id": head.id, "title": _title(head.title), "score": round(score, 4)}
                for head, score in found.similar[:shown]
            ],
            cut=f"Only {shown} of each list, {longest} are in the longest: give a greater max_tokens."
            if shown < longest
            else None,
        )
        return Reply(record, "\n".join(_related_lines(record)))

    return fitted(build, longest, max_tokens)


def _check(max_tokens: int) -> None:
    if not LEAST_TOKENS <= max_tokens <= MOST_TOKENS:
        raise BadInput(
            f"max_tokens {max_tokens} is out of range", next_step=f"give one from {LEAST_TOKENS} to {MOST_TOKENS}"
        )


def _known(searcher: Searcher, name: str) -> Article:
    found = article_id(name)
    if found is None:
        raise BadInput(
            f"{name[:_TITLE]!r} is not an article id", next_step="give an id like Q164175, or call search_fixes"
        )
    article = searcher.articles.article(found)
    if article is None:
        citing = [each.id for each in searcher.articles.cited_by(found)[:_LISTED]]
        step = f"these refer to it: {', '.join(citing)}" if citing else "call search_fixes with what it is about"
        raise UnknownArticle(f"{found} is not in this knowledge base", next_step=step)
    return article


def _named(article: Article, wanted: str) -> Section:
    """Return the part of an article that a section's name means, as one."""
    if wanted.strip().casefold() == FIX and article.fix:
        return Section(FIX, "resolution", article.fix.text)
    found = [each for each in article.sections if each.is_named(wanted)]
    if not found:
        has = dict.fromkeys((*([FIX] if article.fix else []), *map(_section_name, article.sections)))
        raise BadInput(
            f"{article.id} has no section {wanted[:_TITLE]!r}", next_step=f"name one of these: {', '.join(has)}"
        )
    return Section(found[0].heading, found[0].kind, "\n\n".join(each.text for each in found))


def _understood_as(result: SearchResult) -> list[str]:
    told = [f"searched for {right} instead of {wrong}" for wrong, right in result.understood.corrected]
    if result.understood.expression is not None:
        told.append(f"searched as an expression: {result.understood.expression}")
    return told


def _chance(given: Answer | None, name: str) -> float | None:
    """Return the chance that an article is right, where the answer tells."""
    if given is None:
        return None
    if given.best is not None and given.best.id == name:
        return round(given.confidence, 4)
    return next((round(other.confidence, 4) for other in given.others if other.id == name), None)


def _advice(article: Article, place: int, room: Room) -> tuple[QuotedFix | None, QuotedText | None]:
    """Return the fix of a hit, or what it says instead: the first ones as far as there is room, the others in brief."""
    is_first = place < _WHOLE_FIXES
    if article.fix:
        fix = article.fix
        kept, is_cut = room.take(_text(fix.text)) if is_first else room.take(one_line(fix.text), _BRIEF)
        return QuotedFix(kind=fix.kind, text=kept, cut=is_cut), None
    section = _telling_section(article)
    if section is None:
        return None, None
    text = _text(section.text) if is_first else one_line(section.text)
    kept, is_cut = room.take(text, _GIST if is_first else _BRIEF)
    return None, QuotedText(section=_section_name(section), text=kept, cut=is_cut)


def _telling_section(article: Article) -> Section | None:
    """Return the section that comes nearest to a fix: the cause, the status, the summary, else the first with text."""
    kinds = ("cause", "status", "summary", "more_information")
    found = [each for kind in kinds for each in article.sections if each.kind == kind and each.text.strip()]
    return next(iter((*found, *(each for each in article.sections if each.text.strip()))), None)


def _found(
    hit: Hit, advice: tuple[QuotedFix | None, QuotedText | None], chance: float | None, room: Room
) -> FoundArticle:
    return FoundArticle(
        rank=hit.rank,
        id=hit.id,
        score=round(hit.score, 4),
        confidence=chance,
        title=_title(hit.title),
        products=_products(hit.products),
        date=hit.date,
        kind=hit.kind,
        symptom=room.take(one_line(hit.snippet), _EXCERPT)[0],
        fix=advice[0],
        instead=advice[1],
    )


def _cut_of_search(hits: Sequence[FoundArticle], found: int) -> str | None:
    told = []
    cut_off = [hit["id"] for hit in hits if hit["fix"] and hit["fix"]["cut"]]
    if cut_off:
        told.append(f'fixes are cut: read_article(id="{cut_off[0]}", section="{FIX}") gives a whole one')
    if len(hits) < found:
        told.append(f"{len(hits)} of {found} hits are shown: give a greater max_tokens")
    return "; ".join(told) or None


def _search_lines(record: SearchRecord, given: Answer | None) -> Iterable[str]:
    """Yield the short text beside a search's record: what is there, and the first fix in brief."""
    if not record["hits"]:
        yield "Nothing was found: use other words, or fewer filters."
    elif given is not None and given.status == "none":
        yield "Nothing fits; these come nearest:"
    for hit in record["hits"]:
        chance = "" if hit["confidence"] is None else f" ({hit['confidence']:.0%})"
        yield f"> {hit['id']}{chance} {hit['title']}"
        if hit["rank"] == 1 and hit["fix"] and hit["fix"]["text"]:
            yield f"> Fix: {cut(one_line(hit['fix']['text']), _BRIEF)[0]}"
    if record["cut"]:
        yield record["cut"]


def _best(best: Best, room: Room) -> BestArticle:
    fix: AnswerFix | None = None
    if best.fix:
        kept, is_cut = room.take(_text(best.fix.text))
        section = one_line(best.fix.section) if best.fix.section else None
        fix = AnswerFix(kind=best.fix.kind, section=section, text=kept, cut=is_cut)
    cause = room.take(_text(best.cause))[0] if best.cause else None
    symptoms = room.take(_text(best.symptoms))[0] if best.symptoms else None
    return BestArticle(
        id=best.id,
        title=_title(best.title),
        products=_products(best.products),
        date=best.date,
        symptoms=symptoms,
        cause=cause,
        fix=fix,
        twins=list(best.twins),
        warnings=_words(best.warnings),
    )


def _cut_of_best(best: Best | None, told: BestArticle | None) -> str | None:
    if best is None or told is None:
        return None
    pairs = (
        (FIX, best.fix.text if best.fix else None, told["fix"]["text"] if told["fix"] else None),
        ("cause", best.cause, told["cause"]),
        ("symptoms", best.symptoms, told["symptoms"]),
    )
    short = [name for name, whole, shown in pairs if whole and len(shown or "") < len(_text(whole))]
    if not short:
        return None
    return f'{" and ".join(short)} cut: read_article(id="{best.id}", section="{short[0]}") gives the rest'


def _answer_lines(record: AnswerRecord) -> Iterable[str]:
    best = record["best"]
    if best is None:
        yield "Nothing in this knowledge base fits."
    else:
        yield f"{'Not sure, but nearest' if record['status'] == 'unsure' else 'Answer'}: {record['confidence']:.0%}"
        yield f"> {best['id']} {best['title']}"
        fix = best["fix"]
        if fix:
            yield f"Fix ({fix['kind']}), {best['id']} {fix['section'] or ''}".rstrip() + ":"
            yield _quoted(fix["text"])
        yield from best["warnings"]
    if record["ask"]:
        yield f"It would help to know: {'; '.join(record['ask'])}"
    if record["cut"]:
        yield record["cut"]


def _section_name(section: Section) -> str:
    return cut(one_line(section.heading or section.kind), _TITLE)[0]


def _cut_of_article(record: ArticleRecord, sections: int) -> str | None:
    told = []
    short = [each for each in record["sections"] if each["cut"]]
    if short:
        first = short[0]
        # Sections of one name are read as one: then only its beginning is a place that can be told.
        is_one = sum(each["name"] == first["name"] for each in record["sections"]) == 1
        start = first["start"] + uncut_length(first["text"]) if is_one else 0
        onwards = f", start={start}" if start else ""
        told.append(f'{len(short)} cut: read_article(id="{record["id"]}", section="{first["name"]}"{onwards}) goes on')
    if len(record["sections"]) < sections:
        told.append(f"{len(record['sections'])} of {sections} sections are shown: give a greater max_tokens")
    return "; ".join(told) or None


def _article_lines(record: ArticleRecord) -> Iterable[str]:
    yield f"> {record['id']} {record['title']}"
    for section in record["sections"]:
        if section["text"]:
            yield f"{section['name']}:"
            yield _quoted(section["text"])
    if record["cut"]:
        yield record["cut"]


def _related_lines(record: RelatedRecord) -> Iterable[str]:
    yield f"> {record['id']} {record['title']}"
    for heading, ids in (
        ("refers to", [each["id"] for each in record["cites"]]),
        ("referred to by", [each["id"] for each in record["cited_by"]]),
        ("the same for other versions", [each["id"] for each in record["twins"]]),
        ("similar", [each["id"] for each in record["similar"]]),
    ):
        if ids:
            yield f"{heading}: {', '.join(ids)}"
    if record["cut"]:
        yield record["cut"]


def _text(text: str) -> str:
    return clean(text).strip("\n")


def _named_article(found: ArticleHead | CrossReference) -> NamedArticle:
    return NamedArticle(id=found.id, title=_title(found.title) if found.title else None)


def _words(told: Sequence[str]) -> list[str]:
    return [cut(for_agents(each), _WORDS)[0] for each in told[:_LISTED]]


def _title(title: str) -> str:
    return cut(one_line(title), _TITLE)[0]


def _products(names: Sequence[str]) -> list[str]:
    told = [cut(one_line(name), _PRODUCT)[0] for name in names[:_PRODUCTS]]
    return [*told, f"and {len(names) - _PRODUCTS} more"] if len(names) > _PRODUCTS else told


def _quoted(text: str) -> str:
    """Return article text with a mark before every line, so that none of it can pass for the tool's own words."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def resource_text(searcher: Searcher, name: str) -> str:
    """Return an article as a resource: its text in order, every line marked as quoted, cut where it is very long."""
    article = _known(searcher, name)
    head = [NOTICE, f"> {article.id} {_title(article.title)}", f"> {article.date or ''} {article.kind}".rstrip()]
    head += [f"> {one_line(product)}" for product in article.products]
    body = [_quoted(f"{each.heading or ''}\n{_text(each.text)}".strip("\n")) for each in article.sections]
    text, is_cut = cut("\n".join([*head, *body]), _RESOURCE)
    return f'{text}\nThe rest is cut: read_article(id="{article.id}", section=...) gives it.' if is_cut else text
