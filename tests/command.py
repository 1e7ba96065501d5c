"""Run the installed `kbfix` command as a user does: in a process of its own, from an empty folder."""

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_OURS = ("KBFIX_", "PYTHONPATH", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "PAGER", "TERM")
_PATIENCE = 300
"""Seconds; a command that takes longer hangs."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did: its exit code, and what it wrote."""

    code: int
    stdout: str
    stderr: str

    @property
    def record(self) -> dict[str, Any]:
        """Return the one JSON document on stdout."""
        record: dict[str, Any] = json.loads(self.stdout)
        return record

    @property
    def records(self) -> list[dict[str, Any]]:
        """Return the JSON lines on stdout."""
        return [json.loads(line) for line in self.stdout.splitlines()]

    @property
    def error(self) -> tuple[str, str]:
        """Return what went wrong and the next step, asserting that stderr is exactly these two lines."""
        lines = self.stderr.splitlines()
        assert len(lines) == 2, self.stderr
        assert lines[0].startswith("kbfix: "), self.stderr
        assert lines[1].startswith("  next: "), self.stderr
        return lines[0].removeprefix("kbfix: "), lines[1].removeprefix("  next: ")


@dataclass(frozen=True, slots=True)
class Command:
    """The `kbfix` command, run in `folder`; `home` is its knowledge base unless a call names another."""

    folder: Path
    home: Path | None = None
    executable: Sequence[str] = field(default_factory=lambda: (str(installed_command()),))
    variables: Mapping[str, str] = field(default_factory=dict)

    def __call__(
        self,
        *arguments: str | Path,
        home: Path | None = None,
        stdin: str | bytes = b"",
        variables: Mapping[str, str] | None = None,
    ) -> Ran:
        """Run one command line to its end."""
        done = subprocess.run(
            [*self.executable, *map(str, arguments)],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=self.folder,
            env=self.environment(home, variables),
            timeout=_PATIENCE,
            check=False,
        )
        return Ran(done.returncode, _text(done.stdout), _text(done.stderr))

    def start(self, *arguments: str | Path, home: Path | None = None, **options: Any) -> "subprocess.Popen[bytes]":
        """Start one command line and leave it running."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.Popen(
            [*self.executable, *map(str, arguments)], cwd=self.folder, env=self.environment(home), **pipes
        )

    def environment(self, home: Path | None = None, variables: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment of the command: this one's, without what changes the command's behaviour."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        kept |= self.variables
        chosen = home or self.home
        if chosen is not None:
            kept["KBFIX_HOME"] = str(chosen)
        else:
            # What is not told where its home is must not find that of the person who runs the tests.
            kept |= {name: str(self.folder / "nobody") for name in ("HOME", "USERPROFILE", "LOCALAPPDATA")}
            kept.pop("XDG_DATA_HOME", None)
        return kept | dict(variables or {})


def installed_command() -> Path:
    """Return the path of the `kbfix` that is installed beside this Python."""
    suffix = ".exe" if sys.platform == "win32" else ""
    path = Path(sysconfig.get_path("scripts")) / f"kbfix{suffix}"
    assert path.exists(), "kbfix is not installed here; run: pip install -e '.[dev]'"
    return path


def _text(written: bytes) -> str:
    return written.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
