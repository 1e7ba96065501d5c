"""The part of an article that shows why it matches."""

from kb.matching.excerpts import LENGTH, WordWeights, matched_words, snippet, written_words

LONG = "Nothing of interest stands in this sentence at all. " * 20


def test_a_short_text_is_shown_whole_on_one_line() -> None:
    assert snippet("blank\n  pages", WordWeights({"blank": 1.0})) == "blank pages"


def test_a_long_one_is_cut_around_the_words_of_the_query() -> None:
    text = f"{LONG}Then the modem loses the line. {LONG}"
    shown = snippet(text, WordWeights({"modem": 2.0, "line": 1.0}))
    assert "modem loses the line" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) <= LENGTH + 4


def test_without_a_match_the_beginning_is_shown() -> None:
    assert snippet(f"It begins so. {LONG}", WordWeights({})).startswith("It begins so.")


def test_where_most_weight_stands_together_is_shown() -> None:
    text = f"The modem first. {LONG}Then the modem loses the line. {LONG}At last a line."
    shown = snippet(text, WordWeights({"modem": 2.0, "line": 1.0}))
    assert "modem loses the line" in shown


def test_of_equal_places_the_first_is_shown() -> None:
    text = f"{LONG}One modem here. {LONG}Another modem there. {LONG}"
    assert "One modem" in snippet(text, WordWeights({"modem": 2.0}))


def test_a_word_longer_than_a_snippet_hides_no_other() -> None:
    text = f"{'modem.' * 60} {LONG}Then the line is lost. {LONG}"
    shown = snippet(text, WordWeights({"modem": 9.0, "line": 1.0}))
    assert "the line is lost" in shown


def test_one_endless_word_is_cut_too() -> None:
    assert len(snippet("x" * 5000, WordWeights({"x": 1.0}))) <= LENGTH + 4


def test_an_article_without_text_has_an_empty_snippet() -> None:
    assert snippet("", WordWeights({"modem": 1.0})) == ""


def test_matched_words_are_as_the_user_wrote_them_and_once() -> None:
    assert matched_words(written_words("Printing PRINTS blank, printing"), ["print"]) == ("Printing", "PRINTS")
