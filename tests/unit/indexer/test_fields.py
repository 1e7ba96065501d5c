"""Dates, slugs, footers, sentences and paragraphs."""

import pytest

from indexer.fields.dates import first_date, iso_date
from indexer.fields.footer import footer_values
from indexer.fields.paragraphs import paragraphs
from indexer.fields.sentences import sentences
from indexer.fields.slug import slugify


@pytest.mark.parametrize("text", ["22-OCT-2000", "October 22, 2000", "10/22/2000", "2000-10-22", "22 Oct 2000"])
def test_dates_of_all_forms_become_iso(text: str) -> None:
    assert iso_date(text) == "2000-10-22"


@pytest.mark.parametrize("text", ["", "31-FEB-2000", "soon", "1-XXX-2000", "13/13/2000"])
def test_what_is_no_date_gives_none(text: str) -> None:
    assert iso_date(text) is None


@pytest.mark.parametrize(
    ("text", "iso", "either_way"),
    [
        ("October 11, 2005 - Revision: 7.2", "2005-10-11", False),
        ("Montag, 11. November 2013", "2013-11-11", False),
        ("3. Mai 2001", "2001-05-03", False),
        ("01Nov1995 06:09PM", "1995-11-01", False),
        ("2006年1月5日 - リビジョン: 2.1", "2006-01-05", False),
        ("17.12.1999", "1999-12-17", False),
        ("25/12/2003", "2003-12-25", False),
        ("3/4/2002", "2002-03-04", True),
        ("4/4/2002", "2002-04-04", False),
        ("1999-12-17T08:00", "1999-12-17", False),
    ],
)
def test_dates_are_found_among_other_words(text: str, iso: str, either_way: bool) -> None:
    assert first_date(text) == (iso, either_way)


def test_words_without_a_date_give_none() -> None:
    assert first_date("May be 31/31/2000 or 12345-1-1") is None


def test_slugs_are_ascii_and_never_empty() -> None:
    assert slugify("Drücker: Offline!") == "drucker-offline"
    assert slugify("文書") == "article"
    assert slugify(slugify("A b" * 99)) == slugify("A b" * 99)


def test_footer_values_are_read_by_label_and_may_go_on() -> None:
    values = footer_values(["Keywords          : kbA kbB", "Issue type        : kbprb", "KBSubcategory: x", "  y"])
    assert values == {"keywords": "kbA kbB", "issue_type": "kbprb", "subcategory": "x y"}


def test_abbreviations_and_versions_end_no_sentence() -> None:
    assert sentences("The U.S. English version 4.0 works. It stops e.g. At noon.") == (
        "The U.S. English version 4.0 works.",
        "It stops e.g. At noon.",
    )


def test_paragraphs_tell_bullets_numbers_and_joining_lines() -> None:
    found = paragraphs("Do:\n\n1. This\n   and that.\n\n   -or-\n\n - More")
    assert [(p.marker, p.indent, p.hang, p.text) for p in found] == [
        ("", 0, 0, "Do:"),
        ("1", 0, 3, "This and that."),
        ("or", 3, 3, "-or-"),
        ("-", 1, 3, "More"),
    ]
