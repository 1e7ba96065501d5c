"""Articles and answers as lines for a terminal."""

from collections.abc import Iterable

from cli.terminal import Line
from cli.views import answer_lines, article_lines, fix_lines, reference_lines, step_lines
from kb.models import Answer, Best, CrossReference, Fix, Other, Step
from tests.samples import article, sections

FIX = Fix("workaround", "Reboot the server.", section="WORKAROUND")
BEST = Best("Q100001", "A Title", ("Windows NT",), "1999-01-01", "It hums.", None, FIX, warnings=("wrong version",))


def text(lines: Iterable[Line]) -> str:
    return "\n".join(line.plain for line in lines)


def test_an_answer_cites_its_source() -> None:
    shown = text(answer_lines(Answer("q", "answer", 0.83, BEST), [], 80))
    assert "Fix  workaround, Q100001 WORKAROUND\n  Reboot the server." in shown
    assert "83% sure" in shown
    assert "Note: wrong version." in shown
    assert "kbfix show Q100001" in shown


def test_an_unsure_answer_says_so_and_names_others() -> None:
    others = (Other("Q100002", "Another", 0.2),)
    shown = text(answer_lines(Answer("q", "unsure", 0.3, BEST, others, ("the version",)), [], 80))
    assert shown.startswith("Not sure")
    assert "Q100002" in shown
    assert "- the version" in shown


def test_no_answer_says_that_nothing_fits() -> None:
    assert text(answer_lines(Answer("q", "none", 0.0, None), [], 80)).startswith("Nothing in this knowledge base fits.")


def test_no_fix_gives_no_lines() -> None:
    assert list(fix_lines(None, "Q100001", [], 80)) == []


def test_nested_steps_are_indented() -> None:
    steps = (Step("Open it.", (Step("Gently."),)), Step("Close it."))
    assert list(step_lines(steps, 80, "")) == ["1. Open it.", "   1. Gently.", "2. Close it."]


def test_words_of_the_query_are_marked() -> None:
    (line,) = [line for line in fix_lines(FIX, "Q100001", ["reboot"], 80) if "Reboot" in line.plain]
    assert line.styles == [("match", 2, 8)]


def test_a_section_is_named_by_heading_or_kind() -> None:
    shown = article(sections=sections(symptoms="It hums.", more_information="It is loud."))
    for name in ("more information", "MORE_INFORMATION", "More Information"):
        lines = text(article_lines(shown, 80, name))
        assert "It is loud." in lines
        assert "It hums." not in lines


def test_references_stand_by_direction_and_long_lists_are_cut() -> None:
    many = [CrossReference(f"Q{number}", None, "cited_by") for number in range(100_000, 100_030)]
    shown = text(reference_lines([CrossReference("Q164175", "A Title"), *many]))
    assert "Refers to\n  Q164175   A Title" in shown
    assert "Referred to by" in shown
    assert "and 10 more" in shown
