"""`kbfix doctor`: is everything sound, and what to do where it is not."""

from collections.abc import Iterator
from dataclasses import asdict

import typer

from cli.options import AsJson
from cli.session import print_json, session_of
from cli.terminal import Line, styled, write
from indexer.doctor import CodeCount, Finding, diagnostic_counts, examine
from kb.records import SCHEMA
from kb.text.printable import one_line


def command(context: typer.Context, as_json: AsJson = False) -> None:
    """Check the installation, the store and the indexes, and tell what to do about damage (exit code 1).

    Sums up what the parsers guessed or missed in all articles, too; that is no damage.

    Example:
      kbfix doctor
    """
    session = session_of(context)
    findings = list(examine(session.home, session.engine))
    damaged = any(finding.problems for finding in findings)
    counts = diagnostic_counts(session.home) if not _is_store_damaged(findings) else []
    if as_json:
        print_json(
            {
                "schema": SCHEMA,
                "sound": not damaged,
                "checks": [_record(finding) for finding in findings],
                "diagnostics": [asdict(count) for count in counts],
            }
        )
    else:
        for finding in findings:
            write(
                [
                    styled(
                        f"{'damaged' if finding.problems else 'sound':<8} {finding.check}: {one_line(finding.about)}",
                        "doubt" if finding.problems else None,
                    )
                ]
            )
            write(styled(f"         {one_line(problem)}") for problem in finding.problems)
            if finding.problems and finding.next_step:
                write([styled(f"         next: {finding.next_step}")])
        write(_count_lines(counts))
    raise typer.Exit(1 if damaged else 0)


def _record(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check,
        "about": finding.about,
        "problems": list(finding.problems),
        "next_step": finding.next_step if finding.problems else None,
    }


def _is_store_damaged(findings: list[Finding]) -> bool:
    return any(finding.check == "store" and finding.problems for finding in findings)


def _count_lines(counts: list[CodeCount]) -> Iterator[Line]:
    """Yield a table of the diagnostics by code."""
    if not counts:
        return
    yield Line()
    yield styled("Diagnostics                        articles  other files", "heading")
    for each in counts:
        numbers = [f"{number:,}" if number else "-" for number in (each.articles, each.files)]
        line = f"  {each.level:<8} {each.code:<22} {numbers[0]:>9}  {numbers[1]:>11}"
        yield styled(line, None if each.level == "note" else "doubt")
    yield styled("docs/diagnostics.md says what they mean; kbfix parse FILE shows where in a file.", "quiet")
