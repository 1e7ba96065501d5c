"""Articles, hits and answers as lines for a terminal. Pure: nothing is printed here."""

from collections.abc import Collection, Iterable, Iterator

from cli.layout import lay_out
from cli.terminal import Line, styled
from kb.models import FIX_WORDS, Answer, Article, CrossReference, Fix, Hit, SearchResult, Step
from kb.text.passages import underlines
from kb.text.printable import one_line
from kb.text.showing import matches, product_name

_INDENT = "  "
_MOST_REFERENCES = 20


def result_lines(result: SearchResult, width: int, *, explain: bool = False) -> Iterator[Line]:
    """Yield a search result as a numbered list."""
    for hit in result.hits:
        yield from _hit_lines(hit, result.understood.terms, width, explain=explain)


def answer_lines(answer: Answer, terms: Collection[str], width: int) -> Iterator[Line]:
    """Yield an answer: the article's symptom, cause and fix, the source, and what else may be."""
    best = answer.best
    if best is None:
        yield styled("Nothing in this knowledge base fits.", "doubt")
    else:
        if answer.status == "unsure":
            yield styled("Not sure, but this comes nearest:", "doubt")
            yield Line()
        yield _marked(one_line(best.title), terms, "title")
        sure = f"{answer.confidence:.0%} sure"
        yield styled(_fit(_quiet_line([best.id, best.date, sure, _short_list(best.products)]), width), "quiet")
        if best.symptoms:
            yield from _part("Symptom", best.symptoms, terms, width)
        if best.cause:
            yield from _part("Cause", best.cause, terms, width)
        yield from fix_lines(best.fix, best.id, terms, width)
        for warning in best.warnings:
            yield Line()
            yield from _wrapped_lines(f"Note: {one_line(warning)}.", width, "doubt")
        if best.twins:
            yield Line()
            yield styled(f"The same for other versions: {', '.join(best.twins)}")
        yield Line()
        yield styled(f"Source: {best.id}. The whole article: kbfix show {best.id}", "quiet")
    if answer.others and answer.status == "unsure":
        yield Line()
        yield styled("Or one of these", "heading")
        for other in answer.others:
            yield _joined(_INDENT, styled(f"{other.id:<9}"), styled(f"{other.confidence:>4.0%}  ", "quiet"),
                          styled(one_line(other.title)))  # fmt: skip
    if answer.ask:
        yield Line()
        yield styled("It would help to know", "heading")
        for question in answer.ask:
            yield from _wrapped_lines(f"{_INDENT}- {one_line(question)}", width)


def fix_lines(fix: Fix | None, article_id: str, terms: Collection[str], width: int) -> Iterator[Line]:
    """Yield the fix under its heading, which tells its kind and where it stands."""
    if fix is None:
        return
    place = " / ".join(one_line(part) for part in (fix.section, fix.subsection) if part)
    yield Line()
    yield _joined(
        "",
        styled("Fix", "heading"),
        styled(f"  {FIX_WORDS[fix.kind]}{f', {article_id} {place}' if place else ''}", "quiet"),
    )
    for line in lay_out(fix.text, width, _INDENT):
        yield _marked(line, terms)


def article_lines(article: Article, width: int, section: str | None = None) -> Iterator[Line]:
    """Yield a whole article; with `section`, only the sections of that heading or kind."""
    yield styled(one_line(article.title), "title")
    kind = _kind_words(article.kind, article.fix.kind if article.fix else None)
    yield styled(_quiet_line([article.id, article.date, kind]), "quiet")
    if section is None:
        for name in article.products:
            yield styled(f"{_INDENT}- {one_line(name)}", "quiet")
    for part in article.sections:
        if section is None or part.is_named(section):
            yield Line()
            if part.heading:
                yield styled(one_line(part.heading), "heading")
            yield from _section_lines(part.text, width)
    if section is None:
        yield from reference_lines(article.cross_references)


def reference_lines(references: Iterable[CrossReference]) -> Iterator[Line]:
    """Yield the cross-references of an article in both directions."""
    listed = list(references)
    for direction, heading in (("cites", "Refers to"), ("cited_by", "Referred to by")):
        found = [reference for reference in listed if reference.direction == direction]
        if found:
            yield Line()
            yield styled(heading, "heading")
        for reference in found[:_MOST_REFERENCES]:
            yield styled(f"{_INDENT}{reference.id:<9} {one_line(reference.title or '')}".rstrip())
        if len(found) > _MOST_REFERENCES:
            yield styled(f"{_INDENT}and {len(found) - _MOST_REFERENCES} more (--json lists all)", "quiet")


def step_lines(steps: Iterable[Step], width: int, indent: str = _INDENT) -> Iterator[str]:
    """Yield numbered steps, nested ones lettered below them."""
    for number, step in enumerate(steps, start=1):
        yield from lay_out(f"{number}. {one_line(step.text)}", width, indent)
        yield from step_lines(step.steps, width, indent + "   ")


def _section_lines(text: str, width: int) -> Iterator[Line]:
    """Yield the text of a section; a subheading is set apart by style instead of by its underline."""
    lines = lay_out(text, width, _INDENT)
    following = [*lines[1:], ""]
    is_underline = False
    for line, below in zip(lines, following, strict=True):
        is_heading = underlines(below, line)
        if is_heading:
            yield styled(line, "title")
        elif not is_underline:
            yield Line(line)
        is_underline = is_heading


def _hit_lines(hit: Hit, terms: Collection[str], width: int, *, explain: bool) -> Iterator[Line]:
    number = f"{hit.rank:>2}  "
    indent = " " * len(number)
    yield _joined(styled(number, "quiet"), _marked(one_line(hit.title), terms, "title"))
    products = _short_list(hit.products) or one_line(hit.product or "")
    yield styled(
        _fit(indent + _quiet_line([hit.id, hit.date, _kind_words(hit.kind, hit.fix_kind), products]), width), "quiet"
    )
    for line in lay_out(one_line(hit.snippet), width, indent):
        yield _marked(line, terms)
    if explain:
        for line in lay_out(f"score {hit.score:.2f}: {hit.why}", width, indent):
            yield styled(line, "quiet")
    yield Line()


def _part(heading: str, text: str, terms: Collection[str], width: int) -> Iterator[Line]:
    yield Line()
    yield styled(heading, "heading")
    for line in lay_out(text, width, _INDENT):
        yield _marked(line, terms)


def _marked(line: str, terms: Collection[str], style: str | None = None) -> Line:
    """Return a clean line with the words that match a query term marked."""
    text = styled(line, style)
    plain = text.plain
    for start, end in matches(plain, terms):
        text.mark("match", start, end)
    return text


def _joined(*parts: str | Line) -> Line:
    return sum((part if isinstance(part, Line) else Line(part) for part in parts), Line())


def _wrapped_lines(text: str, width: int, style: str | None = None) -> Iterator[Line]:
    for line in lay_out(text, width):
        yield styled(line, style)


def _quiet_line(parts: Iterable[str | None]) -> str:
    return " · ".join(one_line(part) for part in parts if part)


def _short_list(products: Collection[str]) -> str:
    listed = [product_name(name) for name in products]
    return listed[0] + (f" and {len(listed) - 1} more" if len(listed) > 1 else "") if listed else ""


def _kind_words(kind: str, fix_kind: str | None) -> str:
    return kind.replace("_", " ") + (f", {FIX_WORDS[fix_kind]}" if fix_kind else "")


def _fit(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"
