"""The real archive: hand-checked articles score at least the floors, and no article breaks the parser.

The floors only rise. Print the figures with `pytest tests/archive/test_parse_archive.py -s`.
"""

import importlib.util
import json
import os
import re
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.decode import DecodedText, decode
from indexer.forms.kb_text import cut
from indexer.parse import parse_file
from kb.models import RawFile
from kb.records import Record, article_record

DATA = Path(os.environ.get("KBFIX_TEST_DATA", "../shared"))
ARCHIVE = DATA / "archive" / "kb-txt.tar.xz"
pytestmark = [
    pytest.mark.archive,
    pytest.mark.skipif(not ARCHIVE.is_file(), reason="the real archive is not there: set KBFIX_TEST_DATA"),
]
SAMPLE = 3000
ARTICLES = 56_989
RULE = re.compile(r"[-=]{3,}")
PARSE_FLOOR = {"all": 0.99, "sections": 0.97, "error_messages_recall": 0.97, "error_messages_precision": 0.97}
EVERY_PARSE_FIELD = 0.97
FIX_FLOOR = {
    "kind": 0.96, "fix_present": 0.98, "fix_kind": 0.96, "fix_section": 0.96, "fix_overlap": 0.96, "fix_text": 0.94,
    "fix_steps": 0.95, "fixed_in": 0.95, "error_codes_recall": 0.95, "error_codes_precision": 0.95,
}  # fmt: skip


def truth(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / "truth" / name).read_text("utf-8").splitlines() if line.strip()]


def scorer(name: str) -> Callable[[Record, dict[str, Any]], dict[str, Any]]:
    """Load `score_one` of a scorer from its path; the scorers are no part of the project."""
    spec = importlib.util.spec_from_file_location(name, DATA / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    score_one: Callable[[Record, dict[str, Any]], dict[str, Any]] = module.score_one
    return score_one


def members(wanted: Callable[[int, str], bool]) -> Iterator[RawFile]:
    number = -1
    with tarfile.open(ARCHIVE, "r|xz") as archive:
        for member in archive:
            if not member.isfile() or not member.name.upper().endswith(".TXT"):
                continue
            number += 1
            if wanted(number, member.name):
                file = archive.extractfile(member)
                assert file is not None
                yield RawFile(member.name, file.read())


@pytest.fixture(scope="module")
def files() -> tuple[dict[str, RawFile], list[RawFile]]:
    """Read the truth articles and every nineteenth other in one pass over the archive."""
    named = {want["file"] for want in truth("dev-parse.jsonl")}
    step = ARTICLES // SAMPLE
    checked: dict[str, RawFile] = {}
    sample: list[RawFile] = []

    def is_named(name: str) -> str | None:
        tail = "/".join(name.split("/")[-3:])
        return tail if tail in named else None

    places: dict[str, int] = {}

    def wanted(number: int, name: str) -> bool:
        places[name] = number
        return number % step == 0 or is_named(name) is not None

    for raw in members(wanted):
        if tail := is_named(raw.path):
            checked[tail] = raw
        if places[raw.path] % step == 0:
            sample.append(raw)
    return checked, sample[:SAMPLE]


def figures(name: str, against: str, checked: dict[str, RawFile]) -> dict[str, float]:
    score_one = scorer(name)
    totals: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for want in truth(against):
        (article,) = parse_file(checked[want["file"]]).articles
        for field, right in score_one(article_record(article), want).items():
            if right is not None:
                totals[field] += float(right)  # type: ignore[assignment]  # a Counter adds up floats as well
                counts[field] += 1
    shares = {field: totals[field] / counts[field] for field in counts}
    shares["all"] = sum(shares.values()) / len(shares)
    print(name, {field: round(share, 3) for field, share in shares.items()})
    return shares


def test_hand_checked_articles_are_parsed_right(files: tuple[dict[str, RawFile], list[RawFile]]) -> None:
    found = figures("score_parse", "dev-parse.jsonl", files[0])
    floors = dict.fromkeys(found, EVERY_PARSE_FIELD) | PARSE_FLOOR
    assert {f: share for f, share in found.items() if share < floors[f]} == {}


def test_hand_checked_fixes_are_found(files: tuple[dict[str, RawFile], list[RawFile]]) -> None:
    found = figures("score_fixes", "dev-fix.jsonl", files[0])
    assert {f: found[f] for f, floor in FIX_FLOOR.items() if found[f] < floor} == {}


def test_no_article_of_a_sample_breaks_the_parser(files: tuple[dict[str, RawFile], list[RawFile]]) -> None:
    sample = files[1]
    assert len(sample) == SAMPLE
    outcomes = Counter(parse_file(raw).outcome for raw in sample)
    assert outcomes == {"parsed": SAMPLE}


def test_every_word_of_a_body_is_in_exactly_one_section(files: tuple[dict[str, RawFile], list[RawFile]]) -> None:
    total = astray = 0
    for raw in files[1]:
        decoded = decode(raw.data)
        assert isinstance(decoded, DecodedText)
        layout = cut(decoded.text.split("\n"))
        body = words("\n".join((*layout.lead, *layout.body)))
        (article,) = parse_file(raw).articles
        found = sum((words(s.text) + words(s.heading or "") for s in article.sections), Counter())
        total += body.total()
        astray += (body - found).total() + (found - body).total()
    print(f"{total} words, {astray} not in exactly one section")
    assert astray <= total * 0.001


def words(text: str) -> Counter[str]:
    return Counter(w for w in text.split() if not RULE.fullmatch(w))
