"""The kind of an article as a reader would call it."""

import pytest

from indexer.fields.article_kind import article_kind


def kind(title: str, issue: str = "", messages: tuple[str, ...] = (), **sections: str) -> str:
    return article_kind(title, dict(sections), issue.split(), (), (), messages)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("PRB: It Stops", "problem"),
        ("XADM: BUG: It Stops", "bug"),
        ("FIX: It Stops", "fix"),
        ("HOWTO: Start It", "howto"),
        ("How to Start It", "howto"),
        ("INFO: Starting", "information"),
        ("DOCERR: The Index Is Wrong", "documentation"),
        ("BOOK NAME Corrections and Comments", "documentation"),
        ("XADM: Err Msg: It Stops", "error_message"),
        ("Cannot Start It", "problem"),
        ("README.WRI from Version 3.1", "information"),
        ("Top Articles", "information"),
    ],
)
def test_the_title_tells_the_kind(title: str, expected: str) -> None:
    assert kind(title, summary="Text.") == expected


def test_the_status_tells_bug_from_fix() -> None:
    confirmed = "Microsoft has confirmed this to be a problem."
    assert kind("List Is Red", symptoms="s", status=confirmed) == "bug"
    assert kind("List Is Red", symptoms="s", status=confirmed + " It was corrected in Service Pack 1.") == "fix"
    assert kind("List Is Red", symptoms="s", status="This behavior is by design.") == "problem"


def test_a_prb_stays_a_problem_though_confirmed() -> None:
    assert kind("PRB: List Is Red", symptoms="s", status="Microsoft has confirmed this to be a problem.") == "problem"


def test_a_title_that_is_the_message_makes_an_error_message() -> None:
    assert kind("The Disk Is Full", messages=("The disk is full. Remove some files.",), symptoms="s") == "error_message"


def test_a_short_text_that_leads_into_steps_tells_how() -> None:
    body = "It runs in a window.\n\nTo enable the key, do the following:\n\n1. Press it."
    assert article_kind("Use of ALT+X", {}, (), (), (), (), body) == "howto"
    assert article_kind("Use of ALT+X", {}, ("kbinfo",), (), (), (), body) == "information"
    assert article_kind("Use of ALT+X", {}, (), (), (), (), body * 50) == "information"
