"""Other articles that a text names: their ids, and their titles where the text gives them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from kb.models import Article, CrossReference

# Glued to letters it is part of a file name (Q248838engi.exe), not a reference; a few have a space within.
ARTICLE_ID: Final = re.compile(r"Q(?: (?=\d{6} [A-Z\"-]))?(\d{5,6})(?![A-Za-z0-9])")
# The address of an article's old page: .../articles/Q141/4/46.asp is Q141446.
PAGE_ADDRESS: Final = re.compile(r"/[Qq](\d{2,3})/(\d)/(\d\d)(?!\d)")
# The line must begin with it; that is asked behind the id, since the letter is found faster than the start of a line.
TITLED: Final = re.compile(r"Q ?(\d{5,6})[ \t]*:?[ \t]+(\S[^\n]*)")
BEFORE_TITLED: Final = re.compile(r"[ \t]*(?:- )?")
LABELLED: Final = re.compile(
    r"(?m)^([ \t]*)ARTICLE[- ]ID[ \t]*:[ \t]*Q?(\d{5,6})[ \t]*\n[ \t]*TITLE[ \t]*:[ \t]*(\S[^\n]*)"
)
# Words that follow an id in running text, so that the rest of the line is no title.
RUNNING_TEXT: Final = re.compile(r"[a-z(\"',.;)-]")
# Later articles write ids without the letter: on a line with the title below a sentence that announces it, as KB and
# the number, or in an address.
ANNOUNCES: Final = re.compile(r"knowledge base|article number|following article", re.IGNORECASE)
PLAIN: Final = re.compile(
    r"(?m)^[ \t]*(?:- )?(\d{5,7})(?:[ \t]{0,3}\([^()\n]{0,160}\))?[ \t]{1,8}([^\W\d_a-z][^\n]{7,})$"
)
KB_NUMBER: Final = re.compile(r"\bKB[ \t]?(\d{6,7})\b(?!\.\w)")
SITE_ADDRESS: Final = re.compile(
    r"support\.microsoft\.com/(?:[a-z]{2}-[a-z]{2}/)?(?:(?:help|kb)/|[^\s\"<>]{0,30}?(?:scid=kb;[a-z-]{2,5};|kbid=))"
    r"(?:KB|Q)?(\d{5,7})\b",
    re.IGNORECASE,
)
ANNOUNCED_WITHIN = 400
LONGEST_TITLE = 200
BY_WORD: Final = "query on the following word"


def find_references(text: str, own_id: str) -> tuple[str, ...]:
    """Return the ids (`Q<digits>`) of other articles in a text, each once, in order of first occurrence."""
    places = [(m.start(), f"Q{m[1]}") for m in ARTICLE_ID.finditer(text) if not _glued(text, m.start())]
    if "/Q" in text or "/q" in text:
        places += [(m.start(), f"Q{int(m[1] + m[2] + m[3])}") for m in PAGE_ADDRESS.finditer(text)]
        places.sort()
    return tuple(dict.fromkeys(name for _, name in places if name != own_id))


def find_cross_references(text: str, own_id: str) -> tuple[CrossReference, ...]:
    """Return the references of a text with the titles it gives them; a title wrapped over lines is joined."""
    ids = find_references(text, own_id)
    if not ids:
        return ()
    titles: dict[str, str] = {}
    for m in LABELLED.finditer(text) if "ARTICLE" in text else ():
        start_column = m.end(3) - len(m[3]) - (text.rfind("\n", 0, m.end(3)) + 1)
        titles.setdefault(f"Q{m[2]}", _joined(text, m.end(), m[3], start_column, start_column))
    for m, column in _titled(text):
        if column and not RUNNING_TEXT.match(m[2]):
            titles.setdefault(f"Q{m[1]}", _joined(text, m.end(), m[2], column, column + 3))
    return tuple(CrossReference(name, titles.get(name)) for name in ids)


def _titled(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield the ids with titles that begin their line, apart from blanks and a bullet, each with its column."""
    for m in TITLED.finditer(text):
        start = text.rfind("\n", 0, m.start()) + 1
        if BEFORE_TITLED.fullmatch(text, start, m.start()):
            yield m, m.start() - start


def without_titles(text: str) -> str:
    """Return a text without the lines that name other articles by id and title."""
    if not ARTICLE_ID.search(text):
        return text
    if "ARTICLE" in text:
        text = LABELLED.sub(" ", text)
    kept: list[str] = []
    end = 0
    for m, column in _titled(text):
        kept += (text[end : m.start() - column], " ")
        end = m.end()
    return "".join((*kept, text[end:])) if end else text


def with_plain_references(article: Article, links: Sequence[tuple[str, str]]) -> Article:
    """Return one of Microsoft's articles with the references added that its text or links name without the letter Q.

    `links` are words and addresses, in order.
    """
    known = {cross.id: cross for cross in article.cross_references}
    for section in article.sections:
        for number, title in _plain_references(section.text):
            _add(known, article.id, number, title)
    for text, address in links:
        if m := SITE_ADDRESS.search(address):
            is_title = len(text.split()) > 1 and not text.startswith("http")
            _add(known, article.id, m[1], text if is_title else None)
    return replace(article, references=tuple(known), cross_references=tuple(known.values()))


def _add(known: dict[str, CrossReference], own: str, number: str, title: str | None) -> None:
    name = f"Q{int(number)}"
    if name != own and (name not in known or (title and known[name].title is None)):
        known[name] = CrossReference(name, title[:LONGEST_TITLE] if title else None)


def _plain_references(text: str) -> Iterator[tuple[str, str | None]]:
    found: list[tuple[int, str, str | None]] = []
    announced = -ANNOUNCED_WITHIN
    sentences = ANNOUNCES.finditer(text)
    sentence = next(sentences, None)
    for m in PLAIN.finditer(text):
        while sentence is not None and sentence.start() < m.start():
            announced = sentence.end()
            sentence = next(sentences, None)
        if m.start() - announced < ANNOUNCED_WITHIN:
            # One reference after another is announced once.
            announced = m.end()
            found.append((m.start(), m[1], " ".join(m[2].split())))
    found += [(m.start(), m[1], None) for pattern in (KB_NUMBER, SITE_ADDRESS) for m in pattern.finditer(text)]
    for _, number, title in sorted(found, key=lambda f: f[0]):
        yield number, title


def names_article_by_word(text: str) -> bool:
    """Tell whether a text sends the reader to an article by a search word instead of an id."""
    return BY_WORD in " ".join(text.lower().split()) if "query" in text else False


def _glued(text: str, at: int) -> bool:
    before = text[at - 1 : at] if at else ""
    return before.isalnum() or before == "_"


def _joined(text: str, end: int, title: str, least: int, most: int) -> str:
    """Add to a title the lines below that continue it: indented between `least` and `most`, and not a new reference."""
    while end < len(text) and len(title) < LONGEST_TITLE:
        stop = text.find("\n", end + 1)
        line = text[end + 1 : stop if stop >= 0 else len(text)]
        words = line.strip()
        indent = len(line) - len(line.lstrip())
        if not words or not least <= indent <= most or ARTICLE_ID.match(words) or words.startswith(("-", "ARTICLE")):
            break
        title = f"{title.rstrip()} {words}"
        end = end + 1 + len(line)
    return " ".join(title.split())
