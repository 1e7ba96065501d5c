"""Articles and article files for tests, made to measure."""

from collections.abc import Sequence
from typing import Any

from kb.matching.ranking import Ranked
from kb.models import Article, Section, Source

_RULE = "=" * 70


def article(article_id: str = "Q100001", title: str = "A Printer Prints Blank Pages", **fields: Any) -> Article:
    """Return an article with plain values for what is not given."""
    source = Source(f"{article_id}.TXT", "kb-text", "0" * 64)
    return Article(id=article_id, title=title, source=source, **fields)


def sections(**texts: str) -> tuple[Section, ...]:
    """Return sections by kind, each under the usual heading."""
    kinds: Any = texts
    return tuple(Section(kind.replace("_", " ").upper(), kind, text) for kind, text in kinds.items())


def article_file(
    article_id: str = "Q100001",
    title: str = "A Printer Prints Blank Pages",
    *,
    date: str = "01-JAN-1999",
    symptoms: str = "The printer prints blank pages after the driver was updated.",
    resolution: str = "Install the driver of the earlier version.",
    product: str = "Windows NT",
) -> bytes:
    """Return the bytes of an article file of the text form."""
    text = f"""DOCUMENT:{article_id}  {date}  [winnt]
TITLE   :{title}
PRODUCT :{product}
PROD/VER:winnt:4.0
OPER/SYS:
KEYWORDS:kbprint

{_RULE}
-------------------------------------------------------------------------------
The information in this article applies to:

 - Microsoft Windows NT Workstation version 4.0
-------------------------------------------------------------------------------

SYMPTOMS
========

{symptoms}

RESOLUTION
==========

{resolution}

{_RULE}
Keywords          : kbprint
Version           : winnt:4.0
"""
    return text.replace("\n", "\r\n").encode("utf-8")


def compared(ranked: Sequence[Ranked]) -> list[tuple[object, ...]]:
    """Return ranked articles as what can be compared: arrays cannot be."""
    return [(*each[:2], each.features.tolist(), *each[3:]) for each in ranked]
