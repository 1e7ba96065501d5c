"""In what an older content of an article differs from the one that is shown."""

from kb.models import Section
from kb.store.revisions import Difference, differences
from tests.samples import article, sections


def test_the_same_says_the_same() -> None:
    given = article(sections=sections(symptoms="It hums."), error_codes=("7",))
    assert list(differences(given, given)) == []
    assert list(differences(given, article(sections=given.sections))) == [], "what is derived is not compared"


def test_fields_are_lacking_added_other_or_differ_in_spaces() -> None:
    here = article(title="A  Printer", category=None, keywords=("kba",), product="NT")
    current = article(title="A Printer", category="winnt", keywords=(), product="OS/2")
    assert list(differences(here, current)) == [
        Difference("title", "spaces", None, "A  Printer", "A Printer"),
        Difference("category", "lacks", None, None, "winnt"),
        Difference("product", "differs", None, "NT", "OS/2"),
        Difference("keywords", "adds", None, ["kba"], []),
    ]


def test_sections_are_compared_by_heading_and_lines_are_counted() -> None:
    here = article(sections=sections(symptoms="a\nb\nc", cause="x", status="s t"))
    current = article(sections=sections(symptoms="a\nb\nd\ne", resolution="y", status="s  t"))
    assert list(differences(here, current)) == [
        Difference("sections", "differs", "SYMPTOMS", 1, 2),
        Difference("sections", "lacks", "RESOLUTION", 0, 1),
        Difference("sections", "spaces", "STATUS", 1, 1),
        Difference("sections", "adds", "CAUSE", 1, 0),
    ]


def test_text_without_a_heading_is_named_by_its_kind_and_parts_under_one_heading_are_one() -> None:
    here = article(
        sections=(Section(None, "notice", "n"), Section("STATUS", "status", "a"), Section("STATUS", "status", "b"))
    )
    current = article(sections=(Section(None, "notice", "m"), Section("STATUS", "status", "a\nb")))
    assert list(differences(here, current)) == [Difference("sections", "differs", "notice", 1, 1)]
