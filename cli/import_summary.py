"""What `kbfix import` says at its end: the counts on stdout; on stderr what is gone, what failed, and a sum by code."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cli.session import Session
from indexer.pipeline import Importer
from indexer.reports import Counts, FileReport
from kb.models import DiagnosticLevel

STATUSES: Final = ("added", "updated", "unchanged", "duplicate", "unsupported", "failed")
"""What becomes of a file that is found, in the order in which it is told."""
_SHOWN_FAILURES: Final = 10
_SHOWN_CODES: Final = 8


def print_counts(counts: Counts, seconds: float, *, dry_run: bool) -> None:
    """Print how many were found and what became of them; `seconds` is how long it took."""
    parts = [
        f"{getattr(counts, status):,} {status}" for status in STATUSES if getattr(counts, status) or status == "added"
    ]
    pruned = f"; {counts.pruned:,} pruned" if counts.pruned else ""
    took = f", in {seconds:.1f} s" if seconds < 100 else f", in {seconds / 60:.1f} min"
    lead = "would be " if dry_run else ""
    print(f"{counts.found:,} found: {lead}{', '.join(parts)}{pruned}{'' if dry_run else took}")
    changed = counts.added or counts.updated or counts.pruned
    if not dry_run and not changed and (counts.unchanged or counts.duplicate):
        print("Nothing changed.")


def tell_what_is_gone(session: Session, importer: Importer, *, prune: bool) -> None:
    """Say how many articles are of files that are gone, and why they are still there."""
    gone = f"{importer.gone:,} article{'s are' if importer.gone != 1 else ' is'} of files that are gone"
    if prune and not importer.is_all_listed:
        session.tell(
            f"nothing was pruned{f', although {gone}' if importer.gone else ''}: not all that was named could be read",
            next_step="mend or leave out what failed, then import with --prune again",
        )
    elif importer.gone:
        session.tell(f"{gone}; --prune takes {'them' if importer.gone != 1 else 'it'} out")


def tell_what_was_wrong(session: Session, counts: Counts, refused: list[FileReport], listed_in: Path | None) -> None:
    """Say what could not be read, sum up warnings and errors by code, and say what to do.

    `listed_in` is the report that was written.
    """
    lists = f"{listed_in} lists" if listed_in else "--report FILE.jsonl lists"
    failed = [report for report in refused if report.status == "failed"]
    told: list[FileReport] = []
    step: str | None = None
    if failed:
        told = failed[:_SHOWN_FAILURES]
        for report in told:
            session.tell(_why(report))
        if len(failed) > _SHOWN_FAILURES:
            session.tell(f"and {len(failed) - _SHOWN_FAILURES:,} more that failed")
            step = f"{lists} them all"
        else:
            step = "all that could be read is in; mend the rest and import it again"
    elif not counts.found and not counts.pruned:
        session.tell("there is no file to import")
        step = "name a file or folder that holds articles"
    elif counts.found and counts.found == counts.unsupported:
        told = refused[:1]
        first = _why(refused[0]) if refused else "nothing in it is an article"
        rest = f", and {counts.found - 1:,} more like it" if counts.found > 1 else ""
        session.tell(f"no article was found: {first}{rest}")
        step = "kbfix parse PATH tells what is in each file"
    serious = {key: number for key, number in counts.diagnostics.items() if key[0] != "note"}
    if serious and sum(serious.values()) > sum(len(_serious(report)) for report in told):
        session.tell(_sum(serious))
        step = step or f"{lists} each; docs/diagnostics.md says what they mean"
    if step is not None:
        session.tell_next(step)


def _why(report: FileReport) -> str:
    reasons = "; ".join(f"{each.what} [{each.code}]" for each in report.diagnostics)
    return f"{report.path}: {reasons or 'no article was found in it'}"


def _serious(report: FileReport) -> set[tuple[DiagnosticLevel, str]]:
    return {(each.level, each.code) for each in report.diagnostics if each.level != "note"}


def _sum(found: Mapping[tuple[DiagnosticLevel, str], int]) -> str:
    """Return warnings and errors by code, errors and the most frequent first."""
    levels = []
    for level in ("error", "warning"):
        codes = sorted(((number, code) for (each, code), number in found.items() if each == level), reverse=True)
        if codes:
            total = sum(number for number, _ in codes)
            listed = ", ".join(f"{number:,} {code}" for number, code in codes[:_SHOWN_CODES])
            rest = ", ..." if len(codes) > _SHOWN_CODES else ""
            levels.append(f"{total:,} {level}{'s' if total != 1 else ''} ({listed}{rest})")
    return ", ".join(levels)
