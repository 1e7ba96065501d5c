"""`kbfix doctor`: is everything sound, and what to do where it is not."""

import typer

from cli.options import AsJson
from cli.session import print_json, session_of
from cli.terminal import one_line, styled, write
from indexer.doctor import Finding, examine
from kb.records import SCHEMA


def command(context: typer.Context, as_json: AsJson = False) -> None:
    """Check the installation, the store and the indexes, and tell what to do about damage (exit code 1).

    Example:
      kbfix doctor
    """
    session = session_of(context)
    findings = list(examine(session.home, session.engine))
    damaged = any(finding.problems for finding in findings)
    if as_json:
        print_json(
            {
                "schema": SCHEMA,
                "sound": not damaged,
                "checks": [_record(finding) for finding in findings],
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
    raise typer.Exit(1 if damaged else 0)


def _record(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check,
        "about": finding.about,
        "problems": list(finding.problems),
        "next_step": finding.next_step if finding.problems else None,
    }
