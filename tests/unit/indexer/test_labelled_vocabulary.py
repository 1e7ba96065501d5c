"""The words of support pages: every table is in order, and what each word is for is known."""

import pytest

from indexer.forms.labelled import vocabulary
from indexer.forms.labelled.headings import Mark, find_headings, heading_kind, is_one_of_several
from indexer.forms.labelled.labels import Label, label_alone, read_labels, read_sentence
from indexer.marked_lines import STANDS_OUT, MarkedLine


def text(written: str) -> list[MarkedLine]:
    return [MarkedLine(line) for line in written.split("\n")]


def found(lines: list[MarkedLine]) -> list[tuple[str, str | None]]:
    return [(heading.words, heading.kind) for heading in find_headings(lines)]


@pytest.mark.parametrize("table", ["LABELS", "HEADINGS"])
def test_words_are_written_as_they_are_compared(table: str) -> None:
    words = list(getattr(vocabulary, table))
    assert [word for word in words if word != " ".join(word.split()).rstrip(":").lower()] == []
    assert len({word.casefold() for word in words}) == len(words)


@pytest.mark.parametrize("table", ["STRONG", "RUN_IN", "VAGUE"])
def test_words_with_a_special_part_are_in_the_vocabulary(table: str) -> None:
    assert [word for word in getattr(vocabulary, table) if word not in vocabulary.HEADINGS] == []


def test_labels_that_are_told_anywhere_are_labels() -> None:
    assert vocabulary.LABELS.keys() >= vocabulary.ANYWHERE


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("SYMPTOMS", "symptoms"), ("Root Cause:", "cause"), ("Resolving The Problem", "resolution"),
        ("3. Reason and Prerequisites", "cause"), ("Symptom(s)", "symptoms"), ("» Fix «", "resolution"),
        ("Cause 2", "cause"), ("Solution 3: Install it again", "resolution"), ("Workaround - Option A", "workaround"),
        ("原因", "cause"), ("Περισσότερες πληροφορίες", "more_information"), ("LÖSUNG", "resolution"),
        ("Applies to", "applies_to"), ("On This Page", "contents"), ("Issue 1: Nothing is printed", None),
        ("Cause of the matter", None), ("", None),
    ],
)  # fmt: skip
def test_headings_open_what_the_table_says(written: str, kind: str | None) -> None:
    assert heading_kind(written) == kind


def test_one_of_several_is_told_from_the_only_one() -> None:
    assert is_one_of_several("Cause 2: The disk")
    assert not is_one_of_several("Cause")


def test_a_word_in_the_text_is_no_heading() -> None:
    page = text(
        "Symptoms\n\nIt fails.\nCause\nis unknown\n\n - Resolution\n\n* Cause\n\nCause and effect\n\nResolution\n\nx"
    )
    assert found(page) == [("Symptoms", "symptoms"), ("Resolution", "resolution")]


def test_a_weaker_mark_counts_only_without_stronger_ones() -> None:
    page = [MarkedLine("Symptoms", 2), MarkedLine("Problem: x"), MarkedLine("Cause", STANDS_OUT), MarkedLine("Fix: y")]
    assert found(page) == [("Symptoms", "symptoms"), ("Cause", "cause")]
    assert [h.mark for h in find_headings(text("Problem: x\nFix: y"))] == [Mark.RUN_IN, Mark.RUN_IN]


def test_a_rule_below_is_part_of_the_heading() -> None:
    heading, _ = find_headings(text("Cause\n~~~~~\n\nx\n\nFix\n---\ny"))
    assert (heading.words, heading.lines, heading.mark) == ("Cause", 2, Mark.MARKED)


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("Article ID: Q168735", [("id", "Q168735")]),
        ("PSS ID Number :115389", [("number", "115389")]),
        ("  - Document ID   7001234", [("id", "7001234")]),
        ("文書番号: 900212 - 対象製品", [("id", "900212 - 対象製品")]),
        (
            "Article ID: 314917 - Last Review: October 11, 2005 - Revision: 7.2",
            [("id", "314917"), ("modified", "October 11, 2005"), ("ignored", "7.2")],
        ),
        ("Article:TECH8618 | Created: 2000-01-02", [("id", "TECH8618"), ("created", "2000-01-02")]),
        ("CTX123456 | Created: 2003-09-08", [("id", "CTX123456"), ("created", "2003-09-08")]),
        ("Source  Value  Description", []),
        ("In this case: nothing", []),
        ("Nothing", []),
    ],
)
def test_labels_and_their_values(line: str, labels: list[tuple[str, str]]) -> None:
    assert [(label.field, label.value) for label in read_labels(line)] == labels


def test_a_version_beside_an_id_is_that_of_the_page() -> None:
    assert [label.field for label in read_labels("Article ID: 917425 - Version: 9.0")] == ["id", "ignored"]
    assert [label.field for label in read_labels("Version: 9.0")] == ["versions"]


@pytest.mark.parametrize(
    ("line", "field", "value", "is_all"),
    [
        ("This article was previously published under Q115389", "number", "Q115389", True),
        ("Article Last Modified on 6/25/2002", "modified", "6/25/2002", True),
        ("Microsoft KB Archive/325044", "number", "325044", True),
        ("This document (10090231) is provided subject to the disclaimer below.", "id", "10090231", True),
        ("Long ago this article was previously published under Q115389, as was said.", "number", "Q115389", False),
        ("Solution Verified - Updated 12 May 2010", "modified", "12 May 2010", True),
        ("Article • 02/19/2024 • 2 contributors", "modified", "02/19/2024", True),
    ],
)  # fmt: skip
def test_sentences_with_a_value(line: str, field: str, value: str, is_all: bool) -> None:
    told = read_sentence(line)
    assert told is not None
    assert (told[0].field, told[0].value, told[1]) == (field, value, is_all)


def test_a_label_may_have_its_value_on_the_next_line() -> None:
    assert label_alone("Document ID:") == Label("id", "", "document id")
    assert label_alone("Document ID: 5") is None
