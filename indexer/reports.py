"""What an import tells: a report of every article or file, and their counts."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from kb.models import Diagnostic, DiagnosticLevel

Status = Literal["added", "updated", "unchanged", "duplicate", "unsupported", "failed", "pruned"]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one article, or of a file that gave none: a line of `import --report`."""

    path: str
    status: Status
    id: str | None = None
    form: str | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class Counts:
    """How many articles (or files that gave none) were found, and what became of each.

    `pruned` were not found: articles that left because their files are gone. `diagnostics` counts, by level and code,
    the articles and files that were found to have one.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicate: int = 0
    unsupported: int = 0
    failed: int = 0
    pruned: int = 0
    diagnostics: Counter[tuple[DiagnosticLevel, str]] = field(default_factory=Counter, compare=False)

    @property
    def found(self) -> int:
        """Return the sum of all but those pruned."""
        return self.added + self.updated + self.unchanged + self.duplicate + self.unsupported + self.failed

    def count(self, report: FileReport) -> None:
        """Count one more."""
        setattr(self, report.status, getattr(self, report.status) + 1)
        if report.diagnostics:
            self.diagnostics.update({(each.level, each.code) for each in report.diagnostics})
