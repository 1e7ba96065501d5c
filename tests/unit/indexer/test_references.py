"""Other articles: their ids in order, with titles."""

import pytest

from indexer.fields.references import find_cross_references, find_references


def test_ids_are_given_once_in_order_without_the_own_one() -> None:
    assert find_references("see Q200002, Q100001 and Q200002; this is Q300003", "Q300003") == ("Q200002", "Q100001")


@pytest.mark.parametrize("text", ["Q248838engi.exe", "XQ248838", "Q1234", "Q12345678", "_Q123456"])
def test_ids_glued_to_other_signs_do_not_count(text: str) -> None:
    assert find_references(text, "Q1") == ()


def test_addresses_of_old_pages_count() -> None:
    assert find_references("http://host/articles/Q141/4/46.asp", "Q1") == ("Q141446",)


def test_wrapped_titles_are_joined() -> None:
    text = "see:\n\n   Q100001 HOWTO: A Title That\n   Goes On\n\n   Q100002 Another\n"
    assert [c.title for c in find_cross_references(text, "Q1")] == ["HOWTO: A Title That Goes On", "Another"]


def test_labelled_references_join_their_titles() -> None:
    text = "   ARTICLE-ID: Q100001\n   TITLE     : The First Line and\n               the Second\n\nText."
    assert [(c.id, c.title) for c in find_cross_references(text, "Q1")] == [
        ("Q100001", "The First Line and the Second")
    ]


def test_running_text_is_no_title() -> None:
    assert find_cross_references("   Q100001 and others tell more.", "Q1")[0].title is None
