"""Every `kbfix` command in the pages runs, and prints what the page shows.

A page is read from top to bottom, with one home for all of it: an empty one where the first command is an import, else
one that holds the corpus. Blocks marked `console` show output, and are compared; a line `...` stands for any lines.
Of blocks marked `sh` the lines that run kbfix must succeed. What a reader would have at hand (an archive, a log, a
ticket) is made from the corpus. Times are not compared.

To accept what is printed now, look at the difference, then: `make golden FORCE=1`.
"""

import json
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pytest

from tests.command import Command, installed_command

from .markdown import REPOSITORY, Block, Step, blocks, name, pages, steps

MODE = os.environ.get("KBFIX_GOLDEN", "")
SHOWN_HOME = "/home/you/.local/share/kbfix"
_RUNS_KBFIX = re.compile(r"(?:^|[|&;] *)(?:[A-Z_]+=\S* )*kbfix ")
_TIMES = (
    (re.compile(r"\bin \d+(?:\.\d+)? (?:s|min)\b"), "in 0.1 s"),
    (re.compile(r'"(took_ms|seconds)": \d+(?:\.\d+)?'), r'"\1": 1.0'),
)
_MARK = "\x1e"


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder with what a reader has at hand, and a home."""

    folder: Path
    home: Path

    def run(self, commands: Sequence[str]) -> list[tuple[str, int]]:
        """Run commands one after the other in one shell; return what each wrote and its exit code."""
        script = "\n".join(
            f"{{ {command}\n}} 2>&1; code=$?; printf '{_MARK}%s{_MARK}' $code; (exit $code)" for command in commands
        )
        environment = Command(self.folder, self.home).environment()
        environment["PATH"] = os.pathsep.join([str(installed_command().parent), environment.get("PATH", "")])
        done = subprocess.run(
            ["sh", "-c", script], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=300, check=False,
        )  # fmt: skip
        assert not done.stderr, done.stderr
        parts = done.stdout.replace(str(self.home), SHOWN_HOME).split(_MARK)
        return [(parts[i], int(parts[i + 1])) for i in range(0, len(parts) - 1, 2)]


@pytest.fixture
def desk(tmp_path: Path, corpus: Path) -> Desk:
    if shutil.which("sh") is None:
        pytest.skip("the commands in the pages are written for a POSIX shell")
    folder = tmp_path / "desk"
    shutil.copytree(corpus, folder / "corpus")
    with tarfile.open(folder / "kb-txt.tar.xz", "w:xz") as archive:
        archive.add(corpus / "articles", arcname="kb")
    (folder / "tickets").mkdir()
    shutil.copy(corpus / "articles" / "Q93132.TXT", folder / "tickets" / "printer-offline.TXT")
    (folder / "event.log").write_text("Event ID: 4319\nSource: NetBT\nA duplicate name has been detected.\n", "utf-8")
    (folder / "ticket.txt").write_text("mail to the internet cannot be found in message tracking\n", "utf-8")
    queries = [{"id": "t1", "query": "STOP 0xC000021A at logon"}, {"id": "t2", "query": "euro sign missing on NT 4.0"}]
    (folder / "queries.jsonl").write_text("".join(json.dumps(query) + "\n" for query in queries), "utf-8")
    return Desk(folder, tmp_path / "home")


def run_here(block: Block) -> list[Step]:
    """Return the steps of a block that are to be run: all of a console's, of a script those with kbfix."""
    return [step for step in steps(block) if block.language == "console" or _RUNS_KBFIX.search(step.command)]


def with_commands() -> list[Path]:
    return [path for path in pages() if any(map(run_here, blocks(path.read_text("utf-8"), "console", "sh")))]


def without_times(lines: Sequence[str]) -> list[str]:
    text = "\n".join(line.rstrip() for line in lines)
    for pattern, fixed in _TIMES:
        text = pattern.sub(fixed, text)
    return text.split("\n") if lines else []


def agrees(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Tell whether the lines printed are those shown, where a line `...` stands for any number of lines."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in without_times(shown))
    return re.fullmatch(pattern, "".join(line + "\n" for line in without_times(printed))) is not None


@pytest.mark.parametrize("page", with_commands(), ids=name)
def test_what_a_page_shows_is_what_the_command_prints(page: Path, desk: Desk) -> None:
    text = page.read_text("utf-8")
    listed = [block for block in blocks(text, "console", "sh") if run_here(block)]
    if not run_here(listed[0])[0].command.startswith("kbfix import"):
        [(words, code)] = desk.run(["kbfix import corpus/articles"])
        assert code == 0, words
    wrong = []
    rewritten, position = "", 0
    for block in listed:
        wanted = run_here(block)
        ran = desk.run([step.command for step in wanted])
        kept = ""
        for step, (output, code) in zip(wanted, ran, strict=True):
            printed = output.removesuffix("\n").split("\n") if output else []
            assert "Traceback" not in output, output
            assert block.language == "console" or code == 0, f"{step.command} ended with {code}: {output}"
            if block.language == "console" and not agrees(step.shown, printed):
                wrong.append(difference(step, printed))
                replace = MODE == "force" or (MODE == "write" and not any(map(str.strip, step.shown)))
                now = printed if replace else step.shown
            else:
                now = step.shown
            kept += "".join(f"{line}\n" for line in (f"$ {step.command}", *now))
        if block.language == "console":
            rewritten += text[position : block.start] + kept
            position = block.end
    if wrong and MODE and (rewritten := rewritten + text[position:]) != text:
        page.write_text(rewritten, encoding="utf-8", newline="\n")
        return
    assert not wrong, "\n\n".join([*wrong, "if this is as it should be: make golden FORCE=1"])


def difference(step: Step, printed: Sequence[str]) -> str:
    pairs = zip_longest(without_times(step.shown), without_times(printed))
    number, (shown, got) = next((n, pair) for n, pair in enumerate(pairs, start=1) if pair[0] != pair[1])
    return f"$ {step.command}\nline {number} is shown as\n  {shown}\nbut printed is\n  {got}"


def test_the_readme_shows_commands_with_their_output() -> None:
    shown = blocks((REPOSITORY / "README.md").read_text("utf-8"), "console")
    assert any(step.shown for block in shown for step in steps(block))


class TestTheComparison:
    def test_takes_dots_for_any_lines(self) -> None:
        assert agrees(["a", "...", "d"], ["a", "b", "c", "d"])
        assert not agrees(["a", "...", "e"], ["a", "b", "c", "d"])

    def test_leaves_times_out(self) -> None:
        assert agrees(["1 found, in 0.3 s", '"took_ms": 3.1,'], ["1 found, in 12 s", '"took_ms": 10,'])

    def test_sees_any_other_difference(self) -> None:
        assert not agrees(["98% sure"], ["97% sure"])
        assert not agrees(["a"], ["a", "b"])
        assert not agrees(["a", "b"], ["a"])
