"""Every diagnostic is explained, and every explanation is of one that exists."""

import re
from pathlib import Path

import pytest

from indexer.diagnostics import CODES, diagnostic

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "diagnostics.md"
USED = re.compile(r'diagnostic\(\s*"([a-z-]+)"')


def test_the_page_explains_exactly_the_codes_there_are() -> None:
    explained = re.findall(r"(?m)^\| `([a-z-]+)` \| (\w+) \|", PAGE.read_text("utf-8"))
    assert sorted(explained) == sorted((code, level) for code, (level, _) in CODES.items())


def test_every_code_in_the_parser_is_declared() -> None:
    used = {code for path in (ROOT / "indexer").rglob("*.py") for code in USED.findall(path.read_text("utf-8"))}
    assert used
    assert used <= set(CODES)


def test_every_declared_code_is_used() -> None:
    sources = [p for p in (ROOT / "indexer").rglob("*.py") if p.name != "diagnostics.py"]
    text = "".join(path.read_text("utf-8") for path in sources)
    assert [code for code in CODES if f'"{code}"' not in text] == []


def test_a_code_that_is_not_declared_cannot_be_used() -> None:
    with pytest.raises(KeyError):
        diagnostic("no-such-code")


def test_the_detail_stands_behind_the_meaning() -> None:
    found = diagnostic("no-title", "x", 2)
    assert (found.level, found.what, found.line) == ("warning", "the article has no title: x", 2)
