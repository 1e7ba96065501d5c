"""Compare what is parsed of the same articles in three archives: text, HTML pages, markdown.

    python bench/cross_form.py [--limit N] [--show N]

Needs the archives of KBFIX_TEST_DATA (default ../shared). Every JSON field must be equal but those that cannot be:
`category`, which the mirror lost, `source`, `diagnostics`, and characters beyond ASCII. Prints how many articles are
equal in all fields, and for those that are not, which fields differ, and whether by white space only.
"""

import argparse
import json
import os
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.parse import parse_file
from kb.models import RawFile
from kb.records import Record, article_record

DATA = Path(os.environ.get("KBFIX_TEST_DATA") or "../shared")
NOT_COMPARED = ("category", "source", "diagnostics")
FORMS = ("kb-html", "kb-markdown")
WHY_SPACES = "white space only; a line began with one space, which the mirror dropped, and nothing tells that it had it"
WHY_OTHERS = "more than white space: a fault, look at it with --show"


@dataclass(frozen=True, slots=True)
class Difference:
    """An article that two forms do not agree on: the fields, and whether they differ by white space only."""

    id: str
    form: str
    fields: tuple[str, ...]
    only_spaces: bool
    text: Any
    other: Any


def pages(data: Path) -> Iterator[RawFile]:
    """Yield the files of the two samples of the mirror in order."""
    with tarfile.open(data / "archive" / "kb-html-sample.tar.gz", "r|gz") as archive:
        for member in archive:
            if member.isfile() and (file := archive.extractfile(member)) is not None:
                yield RawFile(member.name, file.read())
    with zipfile.ZipFile(data / "archive" / "kb-markdown-sample.zip") as folder:
        for name in folder.namelist():
            if not name.endswith("/"):
                yield RawFile(name, folder.read(name))


def texts(data: Path, wanted: frozenset[str]) -> Iterator[RawFile]:
    """Yield the files of the text archive whose id is wanted, until all are found."""
    left = set(wanted)
    with tarfile.open(data / "archive" / "kb-txt.tar.xz", "r|xz") as archive:
        for member in archive:
            name = member.name.rsplit("/", 1)[-1].split(".")[0].upper()
            if name in left and (file := archive.extractfile(member)) is not None:
                left.remove(name)
                yield RawFile(member.name, file.read())
                if not left:
                    return


def compare(data: Path, limit: int | None = None) -> tuple[int, list[Difference], Counter[str]]:
    """Return the number of comparisons, the differences, and what became of every page (form and outcome)."""
    found: dict[tuple[str, str], Record] = {}
    outcomes: Counter[str] = Counter()
    for raw in pages(data):
        result = parse_file(raw)
        outcomes[f"{result.form or 'no form'} {result.outcome}"] += 1
        if result.form in FORMS:
            found.update({(article.id, result.form): article_record(article) for article in result.articles})
    # Numbers spread over all products; the same articles every time.
    ids = sorted({name for name, _ in found})
    chosen = frozenset(ids if limit is None else ids[:: max(1, len(ids) // limit)][:limit])
    compared = 0
    differences = []
    for raw in texts(data, chosen):
        (article,) = parse_file(raw).articles
        for form in FORMS:
            if (article.id, form) in found:
                compared += 1
                differences += _difference(article_record(article), found[article.id, form], form)
    return compared, differences, outcomes


def _difference(text: Record, other: Record, form: str) -> list[Difference]:
    a, b = _comparable(text), _comparable(other)
    fields = tuple(name for name in a if a[name] != b[name])
    if not fields:
        return []
    spaces = all(_no_spaces(a[name]) == _no_spaces(b[name]) for name in fields)
    return [Difference(text["id"], form, fields, spaces, a[fields[0]], b[fields[0]])]


def _comparable(record: Record) -> Record:
    plain: Record = json.loads(json.dumps(record, ensure_ascii=False).encode("ascii", "ignore"))
    return {name: value for name, value in plain.items() if name not in NOT_COMPARED}


def _no_spaces(value: Any) -> str:
    return "".join(json.dumps(value).replace("\\n", "").replace("\\t", "").split())


def main() -> None:
    """Compare, and print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--limit", type=int, help="compare only so many articles")
    arguments.add_argument("--show", type=int, default=0, metavar="N", help="print the first N differences")
    options = arguments.parse_args()
    compared, differences, outcomes = compare(DATA, options.limit)
    for outcome, count in sorted(outcomes.items()):
        print(f"{count:6} {outcome}")
    for form in FORMS:
        own = [d for d in differences if d.form == form]
        total = compared // len(FORMS)
        print(f"{form}: {total - len(own)} of {total} equal in all fields ({1 - len(own) / max(total, 1):.4f})")
    by_fields = Counter((d.fields, d.only_spaces) for d in differences)
    for (fields, only_spaces), count in by_fields.most_common():
        print(f"{count:6} {', '.join(fields)}: {WHY_SPACES if only_spaces else WHY_OTHERS}")
    for d in differences[: options.show]:
        print(f"\n{d.id} {d.form} {', '.join(d.fields)}")
        print(f"  text:  {_window(d.text, d.other)}\n  other: {_window(d.other, d.text)}")


def _window(value: Any, against: Any) -> str:
    """Return a value as JSON, from shortly before the first place where it differs from another."""
    a, b = json.dumps(value), json.dumps(against)
    start = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a[max(0, start - 60) : start + 80]


if __name__ == "__main__":
    main()
