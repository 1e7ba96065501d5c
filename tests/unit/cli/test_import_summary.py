"""What an import says at its end."""

from pathlib import Path

import pytest

from cli.import_summary import print_counts, tell_what_was_wrong
from cli.session import Session
from indexer.diagnostics import diagnostic
from indexer.reports import Counts, FileReport, Status

SESSION = Session(Path("home"))


def report(status: Status, *codes: str, path: str = "a.txt") -> FileReport:
    return FileReport(path, status, diagnostics=tuple(diagnostic(code) for code in codes))


def told(
    capsys: pytest.CaptureFixture[str], *reports: FileReport, session: Session = SESSION, listed_in: Path | None = None
) -> list[str]:
    """Return what is told after these reports, line by line."""
    counts = Counts()
    for each in reports:
        counts.count(each)
    refused = [each for each in reports if each.status in ("failed", "unsupported")]
    tell_what_was_wrong(session, counts, refused, listed_in)
    return capsys.readouterr().err.splitlines()


def test_nothing_is_told_where_nothing_was_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, report("added", "title-cut", "no-footer"), report("unchanged")) == []


def test_warnings_are_summed_up_and_notes_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    reports = [report("added", "no-title", "bad-date", "no-footer"), report("unchanged", "bad-date", "bad-date")]
    assert told(capsys, *reports) == [
        "kbfix: 3 warnings (2 bad-date, 1 no-title)",
        "  next: --report FILE.jsonl lists each; docs/diagnostics.md says what they mean",
    ]
    assert told(capsys, *reports, listed_in=Path("r.jsonl"))[1].startswith("  next: r.jsonl lists each; ")
    assert told(capsys, *reports, session=Session(Path("home"), verbosity=-1)) == []


def test_one_failure_that_is_told_whole_is_not_summed_up_again(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, report("added"), report("failed", "broken-member"))
    assert lines[0] == "kbfix: a.txt: a file inside an archive cannot be unpacked [broken-member]"
    assert lines[1].startswith("  next: all that could be read is in")
    assert len(lines) == 2


def test_failures_come_first_then_the_sum_then_one_next_step(capsys: pytest.CaptureFixture[str]) -> None:
    failures = [report("failed", "broken-member", path=f"{number}.txt") for number in range(1200)]
    lines = told(capsys, *failures, report("added", "bad-date"))
    assert [line.split(":")[1].strip() for line in lines[:10]] == [f"{number}.txt" for number in range(10)]
    assert lines[10:] == [
        "kbfix: and 1,190 more that failed",
        "kbfix: 1,200 errors (1,200 broken-member), 1 warning (1 bad-date)",
        "  next: --report FILE.jsonl lists them all",
    ]


def test_no_article_at_all_names_the_first_reason(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, report("unsupported", "unknown-form"), report("unsupported", "empty-file"))
    assert lines[0].startswith("kbfix: no article was found: a.txt: no known form of article")
    assert lines[0].endswith("[unknown-form], and 1 more like it")
    assert lines[1:] == [
        "kbfix: 2 warnings (1 unknown-form, 1 empty-file)",
        "  next: kbfix parse PATH tells what is in each file",
    ]


@pytest.mark.parametrize(
    ("counts", "dry_run", "printed"),
    [
        (Counts(added=1234), False, "1,234 found: 1,234 added, in 1.5 s\n"),
        (Counts(unchanged=2), False, "2 found: 0 added, 2 unchanged, in 1.5 s\nNothing changed.\n"),
        (Counts(unchanged=2, pruned=3), False, "2 found: 0 added, 2 unchanged; 3 pruned, in 1.5 s\n"),
        (Counts(pruned=3), True, "0 found: would be 0 added; 3 pruned\n"),
    ],
)
def test_counts(counts: Counts, dry_run: bool, printed: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_counts(counts, 1.5, dry_run=dry_run)
    assert capsys.readouterr().out == printed
