"""What holds for any text: the analysis, ids, dates, signatures, and what is written to a terminal."""

import itertools
import re

from hypothesis import assume, example, given
from hypothesis import strategies as st

from cli.layout import lay_out
from kb.errors import BadInput
from kb.matching.excerpts import LENGTH, WordWeights, matched_words, snippet, written_words
from kb.matching.understanding import understand
from kb.text.dates import day_number, parse_date
from kb.text.ids import article_id
from kb.text.printable import clean
from kb.text.signatures import find_signatures
from kb.text.terms import beginning, beginning_of_plain, is_plain, pieces, terms, word_of, words

ANY = st.text(max_size=400)
PIECES = (
    "STOP", "0x", "7B", "Event ID", ":", "error", " ", "\n", "Q", "KB", "164175", "LNK", ".", "/", "\\", "'s", "nt4",
    "C++",
    "_", "-", "=", "é", "\x00", "\u202e", "MessageBackColor", "and",
)  # fmt: skip
PASTED = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
TEXT = st.one_of(ANY, PASTED)
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


@given(TEXT)
def test_words_and_terms_agree(text: str) -> None:
    assert [term for word in words(text) for term in word.terms] == terms(text)


@given(TEXT)
def test_pieces_are_the_words_with_what_stands_before_them(text: str) -> None:
    found = pieces(text)
    assert text.startswith("".join(found))
    assert [(each, word_of(each).terms) for each in found] == [
        (text[before : word.end], word.terms)
        for before, word in zip([0, *(word.end for word in words(text))], words(text), strict=False)
    ]


@given(st.from_regex(r"[A-Za-z][a-z]{0,11}", fullmatch=True))
@example("dying")
@example("Skies")
@example("using")
@example("drying")
@example("by")
@example("yes")
def test_a_plain_word_has_one_term_that_begins_as_it_does(word: str) -> None:
    assert is_plain(word)
    (term,) = terms(word)
    assume(len(term) > 1 or len(word) == 1)  # "aed" and the like, which are no words, lose all but one letter
    assert beginning(term) in (beginning_of_plain(word), beginning_of_plain(word)[:2])


@given(TEXT)
def test_words_stand_in_order_and_apart(text: str) -> None:
    places = [(word.start, word.end) for word in words(text)]
    assert all(start < end <= len(text) for start, end in places)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(places))


@given(TEXT, TEXT)
def test_the_terms_of_two_lines_are_those_of_each(first: str, second: str) -> None:
    assert terms(f"{first}\n{second}") == terms(first) + terms(second)


@given(TEXT)
def test_terms_hold_no_blanks_and_are_not_empty(text: str) -> None:
    """Engines cut the text of terms at blanks."""
    assert all(term and not any(character.isspace() for character in term) for term in terms(text))


@given(st.from_regex(r"[A-Za-z0-9 .]{0,80}", fullmatch=True))
def test_case_of_plain_words_does_not_matter(text: str) -> None:
    plain = text.lower()
    assert set(terms(plain)) <= set(terms(text)) | set(terms(plain.upper()))
    assert terms(plain) == terms(plain.upper())


@given(st.one_of(TEXT, st.from_regex(r"(kb|q|http://support\.microsoft\.com/[a-z/?=;]{0,20})?[0-9/]{1,8}")))
def test_an_id_names_itself(text: str) -> None:
    found = article_id(text)
    assert found is None or article_id(found) == found


@given(TEXT)
def test_signatures_are_distinct_and_repeatable(text: str) -> None:
    found = find_signatures(text)
    assert len(set(found)) == len(found)
    assert find_signatures(text) == found


@given(st.one_of(TEXT, st.from_regex(r"[0-9]{4}(-[0-9]{1,2}(-[0-9]{1,2})?)?", fullmatch=True)))
def test_a_date_begins_before_it_ends(text: str) -> None:
    first, last = parse_date(text), parse_date(text, end=True)
    assert (first is None) == (last is None) or text.strip().startswith("9999")
    if first and last:
        assert day_number(first) <= day_number(last)


@given(TEXT)
def test_nothing_that_a_terminal_acts_on_survives(text: str) -> None:
    assert not UNSAFE.search(clean(text))
    assert not UNSAFE.search("".join(lay_out(text, 60)))
    assert clean(clean(text)) == clean(text)


@given(TEXT)
@example("\xa00")
@example("\u3000あ")
def test_layout_loses_no_word(text: str) -> None:
    assert "".join("".join(lay_out(text, 60)).split()) == "".join(clean(text).split())


@given(TEXT)
def test_a_query_is_understood_or_refused(text: str) -> None:
    try:
        found = understand(text)
    except BadInput:
        return
    assert set(found.order) <= set(found.weights)
    assert all(weight > 0 for weight in found.weights.values())
    assert all(word in text for word in matched_words(written_words(text), found.weights))


@given(TEXT, TEXT)
def test_a_snippet_is_short_and_from_the_article(text: str, query: str) -> None:
    shown = snippet(text, WordWeights(dict.fromkeys(terms(query), 1.0)))
    assert len(shown) <= LENGTH + 4
    assert shown.removeprefix("… ").removesuffix(" …") in " ".join(text.split())
