"""Expressions over a forward index made to measure: terms of one unit and of two, ends of fields and of articles."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.matching.expression import Filtered, Phrase, Prefix, Word
from kb.matching.expression_evaluation import error_terms, fix_kind_of, satisfying, weightiest
from kb.matching.forward_index import ForwardIndex
from kb.matching.query_parser import parsed
from kb.models import FixKind
from kb.text.batches import batch_of
from kb.text.fields import FIELD_WEIGHTS, AnalysedArticle
from kb.text.terms import terms

BEYOND_ONE_UNIT = 0x1F3FE
"""So that of the terms that follow, some share their first unit and some do not."""
ARTICLES = {
    "Q1": {"title": "printer zqa", "body": "zqa zqb modem", "signatures": ""},
    "Q2": {"title": "modem", "body": "zqb zqa", "cause": "zqc"},
    "Q3": {"title": "printer", "symptoms": "modem", "cause": "printer printer zqd"},
    "Q4": {"title": "", "references": "zqc zqd"},
    "Q5": {},
}


def analysed(article_id: str, texts: dict[str, str]) -> AnalysedArticle:
    return AnalysedArticle(article_id, tuple(tuple(terms(texts.get(name, ""))) for name in FIELD_WEIGHTS))


@pytest.fixture(params=[None, BEYOND_ONE_UNIT], ids=["one unit", "two units"])
def forward(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ForwardIndex]:
    written = ForwardIndex(tmp_path, writable=True)
    if request.param:
        written._codes.next_code = request.param
    written.add(batch_of(analysed(article_id, texts) for article_id, texts in ARTICLES.items()))
    written.commit()
    written.close()
    reader = ForwardIndex(tmp_path)
    yield reader
    reader.close()


def found(forward: ForwardIndex, text: str) -> str:
    expression = parsed(text)
    assert expression is not None
    return " ".join(sorted(satisfying(expression, forward, no_ids)))


def no_ids(asked: Filtered | FixKind) -> set[str]:
    return {"Q2", "Q4"} if isinstance(asked, Filtered) else {"Q5"}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("zqa", "Q1 Q2"),
        ("zqc", "Q2 Q4"),
        ("title:zqa", "Q1"),
        ("title:zqb", ""),
        ("zqa AND zqc", "Q2"),
        ("zqa OR zqd", "Q1 Q2 Q3 Q4"),
        ("zqa NOT zqc", "Q1"),
        ("NOT zqa", "Q3 Q4 Q5"),
        ('"zqa zqb"', "Q1"),
        ('"zqb zqa"', "Q2"),
        ('"zqa zqb modem"', "Q1"),
        ('"modem zqb"', ""),  # the end of one field and the beginning of the next
        ('"zqa zqa"', ""),
        ('"zqd printer"', ""),  # the end of one article and the beginning of the next
        ('"printer printer zqd"', "Q3"),
        ("zq*", "Q1 Q2 Q3 Q4"),
        ("zqc*", "Q2 Q4"),
        ("title:zq*", "Q1"),
        ("print*", "Q1 Q3"),
        ("printing*", ""),
        ("printers*", "Q1 Q3"),
        ("zqe", ""),
        ("zqe*", ""),
        ('"zqe zqa"', ""),
        ("NOT zqe", "Q1 Q2 Q3 Q4 Q5"),
        ("kind:bug", "Q2 Q4"),
        ("zqa AND NOT kind:bug", "Q1"),
        ("fix:by-design", "Q5"),
        ("fix:printer", ""),
    ],
)
def test_what_satisfies_an_expression(forward: ForwardIndex, text: str, ids: str) -> None:
    assert found(forward, text) == ids


def test_articles_are_tested_in_batches(forward: ForwardIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [found(forward, text) for text in ("zqa", '"zqa zqb"', "zq*", "NOT zqa")]
    for many in (1, 2, 3):
        monkeypatch.setattr("kb.matching.expression_evaluation._MANY", many)
        assert [found(forward, text) for text in ("zqa", '"zqa zqb"', "zq*", "NOT zqa")] == whole


def test_the_weightiest_are_those_with_rare_terms_in_weighty_fields(forward: ForwardIndex) -> None:
    everything = set(ARTICLES)
    zqd = dict.fromkeys(terms("zqd"), 2)
    assert weightiest(everything, dict.fromkeys(terms("zqa"), 2), forward, 2) == ["Q1", "Q2"]
    assert weightiest(everything, zqd, forward, 1) == ["Q3"]
    assert weightiest(everything, zqd | dict.fromkeys(terms("modem"), 3), forward, 1) == ["Q3"]
    assert weightiest({"Q1", "Q2", "Q4"}, zqd, forward, 3) == ["Q4", "Q1", "Q2"]
    assert weightiest({"Q2", "Q4", "Q5"}, {"zyzzyva": 0}, forward, 2) == ["Q2", "Q4"]


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("0xC000021A", [("hex=c000021a", "stop=c000021a", "hresult=c000021a", "#c000021a")]),
        ("STOP 0x7B", [("stop=7b",)]),
        ("-2147024891", [("hex=80070005", "stop=80070005", "hresult=80070005", "#80070005")]),
        ("Event ID: 4319 Source: NetBT", [("event_id=4319@netbt",)]),
        ("memory", []),
    ],
)
def test_the_codes_of_an_error_in_all_their_spellings(value: str, codes: list[tuple[str, ...]]) -> None:
    assert list(error_terms(value)) == codes


def test_a_kind_of_fix_may_be_written_in_several_ways() -> None:
    assert fix_kind_of(Phrase("Service Pack", "fix")) == fix_kind_of(Word("service_pack", "fix")) == "service_pack"
    assert fix_kind_of(Word("registry", "fix")) is None
    assert fix_kind_of(Word("workaround")) is fix_kind_of(Prefix("work", "fix")) is None
