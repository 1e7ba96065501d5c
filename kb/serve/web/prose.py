"""Article text as HTML: paragraphs, numbered and nested lists, code and tables as they stand, ids as links.

Article text is data: all of it is escaped here, and nothing else of it gets into a page.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from markupsafe import Markup, escape

from kb.text.passages import Passage
from kb.text.printable import one_line
from kb.text.showing import matches

_ID: Final = re.compile(r"\bQ\d{4,7}\b")
_SLACK: Final = 1
"""Columns by which items of one list may differ."""


@dataclass(slots=True)
class _List:
    """A list that items are still added to; `last` is the number of its last item."""

    indent: int
    kind: str
    first: int
    last: int
    items: list[list["str | _List"]] = field(default_factory=list)


def inline(text: str, terms: Collection[str] = (), links: Collection[str] = ()) -> Markup:
    """Return text escaped, with query terms marked and the ids in `links` linked."""
    found: list[str] = []
    place = 0
    for match in _ID.finditer(text) if links else ():
        if match[0] in links:
            found += [_marked(text[place : match.start()], terms), f'<a href="/{match[0]}">{match[0]}</a>']
            place = match.end()
    return Markup("".join([*found, _marked(text[place:], terms)]))  # noqa: S704  (escaped part by part)


def line(text: str, terms: Collection[str] = ()) -> Markup:
    """Return text of one line, escaped, with query terms marked."""
    return inline(one_line(text), terms)


def prose(
    passages: Iterable[Passage], terms: Collection[str] = (), links: Collection[str] = (), *, heading: int = 3
) -> Markup:
    """Return passages as HTML; headings within the text become those of level `heading`."""
    root: list[str | _List] = []
    open_lists: list[_List] = []
    for passage in passages:
        if passage.kind == "item" and passage.mark is not None:
            _add_item(root, open_lists, passage, str(inline(passage.text, terms, links)))
            continue
        if passage.kind == "heading":
            open_lists.clear()
        while open_lists and passage.indent <= open_lists[-1].indent:
            open_lists.pop()
        place = open_lists[-1].items[-1] if open_lists else root
        place.append(_block(passage, str(inline(passage.text, terms, links)), heading, inset=not open_lists))
    return Markup("".join(_written(root)))  # noqa: S704  (every part was escaped)


def _block(passage: Passage, content: str, heading: int, *, inset: bool) -> str:
    if passage.kind == "heading":
        return f"<h{heading}>{content}</h{heading}>"
    if passage.kind == "kept":
        # What is wider than the page is scrolled, by keyboard too.
        return f'<pre tabindex="0">{content}</pre>'
    return f'<p class="inset">{content}</p>' if inset and passage.indent >= 3 else f"<p>{content}</p>"


def _add_item(root: list[str | _List], open_lists: list[_List], passage: Passage, content: str) -> None:
    """Add an item to the list it belongs to, by its indent and mark; else begin one."""
    assert passage.mark is not None
    kind, number = _kind(passage.mark)
    same = next(
        (
            depth
            for depth in range(len(open_lists) - 1, -1, -1)
            if open_lists[depth].kind == kind and abs(open_lists[depth].indent - passage.indent) <= _SLACK
        ),
        None,
    )
    if same is not None and (kind == "ul" or number > open_lists[same].last):
        del open_lists[same + 1 :]
    else:
        # Letters below numbers are nested, wherever they stand.
        while open_lists and (
            passage.indent < open_lists[-1].indent - _SLACK
            or (passage.indent <= open_lists[-1].indent + _SLACK and not (kind == "a" and open_lists[-1].kind == "1"))
        ):
            open_lists.pop()
        place = open_lists[-1].items[-1] if open_lists else root
        made = _List(passage.indent, kind, number, number - 1)
        place.append(made)
        open_lists.append(made)
    there = open_lists[-1]
    value = f' value="{number}"' if kind != "ul" and number != there.last + 1 else ""
    there.last = number
    there.items.append([f"<li{value}>{content}"])


def _kind(mark: str) -> tuple[str, int]:
    """Return the kind of list that a mark belongs to (`ul`, or the type of an `ol`), and its number."""
    bare = mark.rstrip(".)")
    if bare.isdigit():
        return "1", int(bare)
    if bare.isascii() and bare.isalpha():
        return "a", ord(bare.lower()) - ord("a") + 1
    return "ul", 0


def _written(parts: Sequence[str | _List]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
            continue
        if part.kind == "ul":
            yield "<ul>"
        else:
            start = f' start="{part.first}"' if part.first != 1 else ""
            yield f"<ol{start}>" if part.kind == "1" else f'<ol type="a"{start}>'
        for item in part.items:
            yield from _written(item)
            yield "</li>"
        yield "</ul>" if part.kind == "ul" else "</ol>"


def _marked(text: str, terms: Collection[str]) -> str:
    if not terms:
        return str(escape(text))
    found: list[str] = []
    place = 0
    for start, end in matches(text, terms):
        found += [str(escape(text[place:start])), f"<mark>{escape(text[start:end])}</mark>"]
        place = end
    return "".join([*found, str(escape(text[place:]))])
