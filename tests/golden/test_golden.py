"""Whole articles, each hard in one way: what is parsed from `source.*` equals `expected.json`, diagnostics and all.

The ending of the source is the form's own: `.txt`, `.html`, `.md`.

To accept a changed result, look at the difference, then rewrite: `KBFIX_GOLDEN=write pytest tests/golden` writes the
files that are missing and refuses to overwrite any; `KBFIX_GOLDEN=force pytest tests/golden` overwrites.
"""

import json
import os
from pathlib import Path

import pytest

from indexer.parse import parse_file
from kb.models import RawFile
from kb.records import article_record

FOLDER = Path(__file__).parent
SOURCES = {path.parent.name: path for path in sorted(FOLDER.glob("*/source.*"))}
CASES = sorted(SOURCES)
MODE = os.environ.get("KBFIX_GOLDEN", "")


def parsed(case: str) -> list[dict[str, object]]:
    source = SOURCES[case]
    result = parse_file(RawFile(f"{case}/{source.name}", source.read_bytes()))
    assert result.outcome == "parsed", result.diagnostics
    records = [article_record(article) for article in result.articles]
    for record in records:
        # The bytes differ with the line ends of a checkout; parsing must not.
        del record["source"]
    return records


def write(path: Path, text: str, *, overwrite: bool) -> None:
    if path.exists() and not overwrite and path.read_text("utf-8") != text:
        pytest.fail(f"{path} would change; look at the difference, then run with KBFIX_GOLDEN=force")
    path.write_text(text, encoding="utf-8", newline="\n")


@pytest.mark.parametrize("case", CASES)
def test_article_is_parsed_as_expected(case: str) -> None:
    expected = FOLDER / case / "expected.json"
    records = parsed(case)
    if MODE in ("write", "force"):
        write(expected, json.dumps(records, indent=1, ensure_ascii=False) + "\n", overwrite=MODE == "force")
    assert records == json.loads(expected.read_text("utf-8"))


def test_there_are_at_least_twenty_golden_articles() -> None:
    assert len(CASES) >= 20


def test_rewriting_refuses_to_overwrite_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "expected.json"
    write(path, "old", overwrite=False)
    with pytest.raises(pytest.fail.Exception, match="KBFIX_GOLDEN=force"):
        write(path, "new", overwrite=False)
    write(path, "new", overwrite=True)
    assert path.read_text("utf-8") == "new"


@pytest.mark.parametrize("case", CASES)
def test_line_ends_make_no_difference(case: str) -> None:
    data = SOURCES[case].read_bytes().replace(b"\r\n", b"\n")
    result = parse_file(RawFile(f"{case}/{SOURCES[case].name}", data))
    assert [a.sections for a in result.articles] == [
        a.sections for a in parse_file(RawFile("x", data.replace(b"\n", b"\r\n"))).articles
    ]
