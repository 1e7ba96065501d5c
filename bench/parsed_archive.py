"""Parse the real archives and print what came of it, each figure with what it means: `make bench-parsed`.

    python bench/parsed_archive.py [--data DIR] [--step N]

Needs the archive of KBFIX_TEST_DATA (default ../shared); `--step 10` takes every tenth article. The archive itself
tells how right the derived fields are: titles that articles give each other, the footer's issue type, codes in titles.
bench/judged_fixes.tsv holds verdicts on the fixes of 100 articles that have no section for one (--sample draws them).
"""

import argparse
import hashlib
import os
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from indexer.containers import read_file
from indexer.decode import DecodedText, decode
from indexer.fields import derive
from indexer.forms.kb_text import cut
from indexer.parse import parse_file
from indexer.workers import usable_cores
from kb.models import Article, RawFile
from kb.text.signatures import find_signatures

DATA = Path(os.environ.get("KBFIX_TEST_DATA") or "../shared")
JUDGED: Final = Path(__file__).parent / "judged_fixes.tsv"
RULE: Final = re.compile(r"[-=]{3,}")
BATCH = 200
FOOTER_KINDS: Final = {
    "kbhowto": {"howto"},
    "kbinfo": {"information", "documentation"},
    "kbbug": {"bug", "fix", "error_message", "documentation"},
    "kbprb": {"problem", "error_message", "fix", "bug"},
}
"""What a footer's issue type says of an article's kind; it knows no fixes, error messages and errata apart."""
REMEDIES: Final = ("resolution", "workaround", "solution")
VERDICTS: Final = ("right", "partly", "wrong")


@dataclass(slots=True)
class Found:
    """What is known of one article after parsing; enough for every figure, small enough to send between processes."""

    id: str = ""
    outcome: str = "parsed"
    words: int = 0
    astray: int = 0
    symptoms: bool = False
    own_section: bool = False
    kind: str = ""
    kind_without_footer: str = ""
    issue_type: tuple[str, ...] = ()
    fix_kind: str = "none"
    fix_place: str = ""
    fix_digest: str = ""
    fixed_in: bool = False
    entries: int = 0
    entries_with_number: int = 0
    entries_with_versions: int = 0
    title: str = ""
    titles_given: tuple[tuple[str, str], ...] = ()
    signatures: tuple[str, ...] = ()
    title_codes: int = 0
    title_codes_found: int = 0
    diagnostics: tuple[str, ...] = field(default_factory=tuple)


def main() -> None:
    """Parse, and print the figures; with --sample, print articles to judge instead."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=DATA)
    arguments.add_argument("--step", type=int, default=1, help="take every so-manyth article")
    arguments.add_argument("--sample", type=int, metavar="SEED", help="draw 100 articles whose fix hides, by this seed")
    options = arguments.parse_args()
    archive = options.data / "archive" / "kb-txt.tar.xz"
    with get_context("spawn").Pool(usable_cores()) as pool:
        batches = pool.imap(look_at_all, _batches(archive, options.step))
        found = [each for batch in batches for each in batch]
    if options.sample is not None:
        hidden = sorted((each for each in found if each.symptoms and not each.own_section), key=lambda each: each.id)
        for each in random.Random(options.sample).sample(hidden, 100):
            print(f"{each.id}\t\t{each.fix_kind}\t{each.fix_place}\t{each.fix_digest}")
        return
    for line in (*figures(found), office(options.data / "archive" / "office-support-markdown.tar.xz")):
        print(line)


def _batches(archive: Path, step: int) -> Iterator[list[RawFile]]:
    files = islice((item for item in read_file(archive) if isinstance(item, RawFile)), 0, None, step)
    while batch := list(islice(files, BATCH)):
        yield batch


def look_at_all(files: Iterable[RawFile]) -> list[Found]:
    """Parse files and look at each."""
    return [look_at(raw) for raw in files]


def look_at(raw: RawFile) -> Found:
    """Parse a file of one article and return what the figures need of it."""
    result = parse_file(raw)
    if not result.articles:
        return Found(outcome=result.outcome)
    (article,) = result.articles
    total, astray = _words_of_body(raw, article)
    has_symptoms = any(s.kind == "symptoms" for s in article.sections)
    own = any(s.kind in ("resolution", "workaround") and s.text for s in article.sections)
    in_title = [s.value for s in find_signatures(article.title) if s.type != "article_id"]
    known = {s.value for s in article.signatures}
    # Numbers in the title of a book are its subject's.
    numbered = [
        e for e in article.applies_to
        if (e.versions or any(c.isdigit() for c in e.product)) and not e.product.startswith("MSPRESS")
    ]  # fmt: skip
    fix = article.fix
    return Found(
        id=article.id,
        words=total,
        astray=astray,
        symptoms=has_symptoms,
        own_section=own,
        kind=article.kind,
        kind_without_footer=derive.complete(replace(article, issue_type=(), solution_type=(), keywords=())).kind,
        issue_type=article.issue_type,
        fix_kind=fix.kind if fix else "none",
        fix_place=(fix.section or "before any heading") if fix else "",
        fix_digest=digest(fix.text) if fix else "",
        fixed_in=bool(article.fixed_in),
        entries=len(article.applies_to),
        entries_with_number=len(numbered),
        entries_with_versions=sum(bool(e.versions or e.service_pack) for e in numbered),
        title=article.title,
        titles_given=tuple((c.id, c.title) for c in article.cross_references if c.title),
        signatures=tuple(s.type for s in article.signatures),
        title_codes=len(in_title),
        title_codes_found=sum(value in known for value in in_title),
        diagnostics=tuple(dict.fromkeys(d.code for d in article.diagnostics)),
    )


def office(archive: Path) -> str:
    """Return how many of the articles of Microsoft Learn that head symptoms and a remedy give both."""
    whole = both = 0
    for raw in read_file(archive):
        if isinstance(raw, RawFile) and raw.name.endswith(".md"):
            headings = [h.lower() for h in re.findall(r"(?m)^#{1,6}[ \t]+(.*)", raw.data.decode("utf-8", "replace"))]
            if any(h.startswith("symptom") for h in headings) and any(h.startswith(REMEDIES) for h in headings):
                (article,) = parse_file(raw).articles
                whole += 1
                both += bool(article.symptoms and article.fix and article.fix.text)
    return (
        f"{whole} Office articles head symptoms and a remedy, {both / max(whole, 1):.1%} of them give symptoms and fix"
    )


def digest(text: str) -> str:
    """Return by what a verdict knows the text that it was given on, without holding any of it."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def _words_of_body(raw: RawFile, article: Article) -> tuple[int, int]:
    """Return the number of words in the body of a file, and of those that are not in exactly one section."""
    decoded = decode(raw.data)
    assert isinstance(decoded, DecodedText)
    layout = cut(decoded.text.split("\n"))
    body = _count("\n".join((*layout.lead, *layout.body)))
    parts = sum((_count(f"{s.heading or ''}\n{s.text}") for s in article.sections), Counter[str]())
    return body.total(), (body - parts).total() + (parts - body).total()


def _count(text: str) -> Counter[str]:
    return Counter(word for word in text.split() if not RULE.fullmatch(word))


def figures(found: list[Found]) -> Iterator[str]:
    """Yield the figures as lines."""
    parsed = [each for each in found if each.outcome == "parsed"]
    rest = Counter(each.outcome for each in found if each.outcome != "parsed")
    yield f"{len(found):,} files, {len(parsed):,} articles; the rest: {_listed(rest)}"
    words, astray = sum(e.words for e in parsed), sum(e.astray for e in parsed)
    yield f"{words:,} body words, {astray} not in exactly one section ({1 - astray / words:.5%} are)"
    symptoms = [each for each in parsed if each.symptoms]
    yield f"{len(symptoms):,} articles with symptoms, by fix: {_listed(Counter(e.fix_kind for e in symptoms))}"
    hidden = [each for each in symptoms if not each.own_section]
    by_fix = _listed(Counter(e.fix_kind for e in hidden))
    yield f"{len(hidden):,} of them have no resolution and no workaround, by fix: {by_fix}"
    yield f"  where it was found: {_listed(Counter(e.fix_place for e in hidden if e.fix_place), 6)}"
    yield from _judged({each.id: each for each in parsed})
    yield f"articles by kind: {_listed(Counter(e.kind for e in parsed))}"
    yield from _kinds(parsed)
    fixes = [each for each in parsed if each.kind == "fix"]
    yield f"{len(fixes):,} fixes, {_share(e.fixed_in for e in fixes)} name what they are corrected in"
    entries, numbered = sum(e.entries for e in parsed), sum(e.entries_with_number for e in parsed)
    versions = sum(e.entries_with_versions for e in parsed) / max(numbered, 1)
    yield f"{entries:,} products in applies-to lists; {versions:.1%} of the {numbered:,} with a number have versions"
    yield from _titles(parsed)
    codes = sum(e.title_codes for e in parsed)
    same = sum(e.title_codes_found for e in parsed) / max(codes, 1)
    yield f"{codes:,} codes in titles, {same:.1%} of them among the signatures"
    yield f"articles with signatures, by type: {_listed(Counter(t for e in parsed for t in set(e.signatures)))}"
    yield f"articles by diagnostic: {_listed(Counter(code for e in parsed for code in e.diagnostics))}"


def _kinds(parsed: list[Found]) -> Iterator[str]:
    told = [
        (e, FOOTER_KINDS[e.issue_type[0]]) for e in parsed if len(e.issue_type) == 1 and e.issue_type[0] in FOOTER_KINDS
    ]
    with_footer = _share(each.kind in kinds for each, kinds in told)
    without = _share(each.kind_without_footer in kinds for each, kinds in told)
    yield f"{len(told):,} footers name the kind: {with_footer} agree, {without} where the parser does not see them"


def _titles(parsed: list[Found]) -> Iterator[str]:
    known = {each.id: _plain(each.title) for each in parsed}
    given = [(known[cited], _plain(title)) for e in parsed for cited, title in e.titles_given if cited in known]
    same = _share(title == mine or title.startswith(mine) or mine.startswith(title) for mine, title in given)
    near = _share(len(set(mine.split()) & set(title.split())) * 2 >= len(set(mine.split())) for mine, title in given)
    yield f"{len(given):,} titles of cited articles: {same} as the article has it, {near} with half of its words"


def _judged(parsed: dict[str, Found]) -> Iterator[str]:
    if not JUDGED.is_file():
        return
    rows = [line.split("\t") for line in JUDGED.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    verdicts = Counter(verdict for _, verdict, *_ in rows)
    changed = [name for name, _, _, _, told in rows if name in parsed and parsed[name].fix_digest != told]
    yield f"{len(rows)} of these judged one by one: {', '.join(f'{verdicts[v]} {v}' for v in VERDICTS)}"
    if changed:
        yield f"  {len(changed)} have another fix now than was judged: {', '.join(changed)}"


def _plain(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.lower()))


def _share(values: Iterable[bool]) -> str:
    listed = list(values)
    return f"{sum(listed) / max(len(listed), 1):.1%}"


def _listed(counts: Counter[str], most: int = 40) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in counts.most_common(most)) or "none"


if __name__ == "__main__":
    main()
