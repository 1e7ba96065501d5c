"""Misspelt plain words of a query, and what is none."""

import time
from collections.abc import Iterable, Mapping

import pytest

from kb.matching.spelling import FEWEST_ARTICLES, corrected, corrections
from kb.text.terms import terms

COMMON = "written length registry wizard printing their configuration system color minimized dialing printer"


def frequencies(asked: Iterable[str]) -> Mapping[str, int]:
    known = set(terms(COMMON))
    return {term: 50 if term in known else FEWEST_ARTICLES - 1 if term == "zzmodem" else 0 for term in asked}


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("the lenght is wrong", {"lenght": "length"}),
        ("writen to disk", {"writen": "written"}),
        ("the wizzard hangs", {"wizzard": "wizard"}),
        ("regestry is damaged.", {"regestry": "registry"}),
        ("(configuraton)", {"configuraton": "configuration"}),
        ("the window is minimised", {"minimised": "minimized"}),
        ("wrong colour", {"colour": "color"}),
        ("thier lenght", {"thier": "their", "lenght": "length"}),
    ],
)
def test_a_slip_of_the_fingers_is_corrected(query: str, meant: dict[str, str]) -> None:
    assert corrections(query, frequencies, 57_000) == meant


@pytest.mark.parametrize(
    "query",
    [
        "the length is wrong",
        "Lenght is a name",
        "LENGHT",
        "lenght.dll is missing",
        "c:\\lenght",
        "lenght2 0x8004 ab12f",
        "lnght_x",
        "xzqwv is in no article",
        "the systemd unit",
        "prntr",
    ],
)
def test_codes_names_files_and_strange_words_are_left_alone(query: str) -> None:
    assert corrections(query, frequencies, 57_000) == {}


def test_a_word_that_few_articles_hold_is_no_correction() -> None:
    assert corrections("zzmodm", frequencies, 57_000) == {}


def test_in_a_small_archive_one_article_is_enough() -> None:
    assert corrections("zzmodm", frequencies, 60) == {"zzmodm": "zzmodem"}


def test_only_whole_words_are_replaced() -> None:
    assert corrected("lenght, lenghts and lenght.dll", {"lenght": "length"}) == "length, lenghts and lenght.dll"


def test_a_log_of_unknown_words_is_read_in_bounded_time() -> None:
    log = " ".join(f"xq{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}wvk" for n in range(20_000))
    started = time.perf_counter()
    assert corrections(log, frequencies, 57_000) == {}
    assert time.perf_counter() - started < 2
