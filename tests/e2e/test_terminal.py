"""What reaches a terminal: colours where they are wanted, and nothing else that a terminal acts on."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import Command
from tests.samples import article_file

pty = pytest.importorskip("pty", reason="needs a pseudo-terminal, which Windows has not")

STYLES = re.compile("\x1b\\[[0-9;]*m")
COLOURS = re.compile("\x1b\\[(?:[0-9]+;)*(?:3|4|9|10)[0-9][;m]")
ACTED_ON = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
ATTACKS = {
    "rich markup": "[bold red]not bold[/] [link=http://example.com]here[/link] [/]",
    "colour": "\x1b[31mred\x1b[0m",
    "title": "\x1b]0;owned\x07",
    "clipboard": "\x1b]52;c;cm0gLXJm\x07",
    "link": "\x1b]8;;http://example.com\x1b\\here\x1b]8;;\x1b\\",
    "device control": "\x1bP$q\x1b\\",
    "eight-bit control": "\x9b31mred \x9d0;owned\x9c",
    "bidi": "good \u202egnp.exe\u202c \u2066isolated\u2069 \u200fright\u200e",
    "hidden": "vis\u200bible\u2060 \ufeff",
    "overwriting": "harmless\rharmful\b\b\b\x7f",
    "bell": "ding\x07\x00",
    "line separators": "one\u2028two\u2029three\x85four\x0bfive\x0csix",
}


def on_a_terminal(command: Command, *arguments: str | Path, home: Path | None = None, **variables: str) -> str:
    """Return what the command writes to a terminal of 80 columns, stdout and stderr as one."""
    ours, theirs = pty.openpty()
    environment = command.environment(home, {"TERM": "xterm-256color", "COLUMNS": "80", **variables})
    with subprocess.Popen(
        [*command.executable, *map(str, arguments)],
        cwd=command.folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        written = b""
        try:
            while part := os.read(ours, 65536):
                written += part
        except OSError:  # Linux tells the end of a terminal so
            pass
        process.wait(60)
    os.close(ours)
    return written.decode("utf-8").replace("\r\n", "\n")


@pytest.fixture(scope="module")
def hostile_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with an article whose every part holds what a terminal would act on."""
    folder = tmp_path_factory.mktemp("hostile")
    payload = "\n\n".join(f"   {name}: {attack}" for name, attack in ATTACKS.items())
    data = article_file(
        title=f"PRB: Hostile {ATTACKS['colour']}{ATTACKS['bidi']}{ATTACKS['rich markup']}",
        symptoms=f"The hostile article attacks.\n\n{payload}\n\n{'It does so every day. ' * 200}",
        resolution=f"Do not act on it.\n\n{payload}",
        product=f"Windows{ATTACKS['title']}",
    )
    (folder / "Q100001.TXT").write_bytes(data)
    ran = Command(folder, folder / "home")("import", "Q100001.TXT")
    assert ran.code == 0, ran.stderr
    return folder / "home"


COMMANDS = [
    ("search", "hostile article attacks", "--explain"),
    ("answer", "The hostile article attacks. It does so every day."),
    ("show", "Q100001", "--no-pager"),
    ("related", "Q100001"),
    ("stats",),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_article_text_is_never_acted_on(kbfix: Command, hostile_home: Path, arguments: tuple[str, ...]) -> None:
    written = on_a_terminal(kbfix, *arguments, home=hostile_home)
    assert "Traceback" not in written
    assert "ostile" in written or arguments == ("stats",)
    assert not ACTED_ON.findall(STYLES.sub("", written))
    assert "\x1b[31m" not in written


def test_rich_markup_is_shown_as_it_is_written(kbfix: Command, hostile_home: Path) -> None:
    assert ATTACKS["rich markup"] in on_a_terminal(kbfix, "show", "Q100001", "--no-pager", home=hostile_home)


def test_json_escapes_all_but_ascii(kbfix: Command, hostile_home: Path) -> None:
    for arguments in (("show", "Q100001"), ("search", "hostile attacks"), ("answer", "hostile attacks")):
        written = kbfix(*arguments, "--json", home=hostile_home).stdout
        assert written.isascii()
        assert not ACTED_ON.search(written)


def test_raw_gives_what_was_imported_to_a_file(kbfix: Command, hostile_home: Path) -> None:
    assert "\x1b]52;c;" in kbfix("show", "Q100001", "--raw", home=hostile_home).stdout


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems refuse such names")
def test_file_names_are_never_acted_on(kbfix: Command, tmp_path: Path) -> None:
    folder = tmp_path / "evil"
    folder.mkdir()
    name = "a\x1b]0;owned\x07\x1b[31m\u202etxt.\nkbfix: fake line [bold]\udcff"
    (folder / f"{name}.TXT").write_bytes(article_file())
    (folder / f"{name}.zip").write_bytes(b"PK\x03\x04 and then nothing")
    report = tmp_path / "report.jsonl"
    for arguments in (
        ("import", folder, "--report", report, "--quiet"),
        ("import", folder),
        ("parse", folder),
        ("import", folder / f"{name}.nosuch"),
        ("show", "Q100001", "--revisions"),
        ("search", name, "--product", name),
    ):
        written = on_a_terminal(kbfix, *arguments)
        # A bar that shows how far an import is moves the cursor: no part of it comes from a file.
        assert not ACTED_ON.findall(re.sub("\x1b\\[[0-9;?]*[a-zA-Z]|\r", "", written)), arguments
        assert "owned\x07" not in written
        assert "Traceback" not in written, arguments
        assert "\nkbfix: fake line" not in written, arguments
    assert report.read_text("utf-8").isascii()


def test_no_color_is_honoured(kbfix: Command, tantivy_home: Path) -> None:
    arguments = ("search", "exchange mail tracking")
    assert COLOURS.search(on_a_terminal(kbfix, *arguments, home=tantivy_home))
    # Bold and dim are no colours.
    assert not COLOURS.search(on_a_terminal(kbfix, *arguments, home=tantivy_home, NO_COLOR="1"))


def test_a_pipe_gets_no_colours(kbfix: Command, tantivy_home: Path) -> None:
    assert "\x1b" not in kbfix("search", "exchange mail tracking", home=tantivy_home).stdout


def test_a_person_is_told_the_next_step(kbfix: Command, tantivy_home: Path) -> None:
    written = on_a_terminal(kbfix, "search", "exchange mail tracking", home=tantivy_home)
    assert written.splitlines()[-1] == "kbfix: the whole article: kbfix show Q164175"


def test_a_long_article_goes_through_the_pager(kbfix: Command, tantivy_home: Path) -> None:
    written = on_a_terminal(
        kbfix, "show", "Q102873", home=tantivy_home, LINES="10", KBFIX_PAGER=f"{sys.executable} -c 'print(1 + 1)'"
    )
    assert written == "2\n"


def test_a_pager_that_is_not_there_is_done_without(kbfix: Command, tantivy_home: Path) -> None:
    written = on_a_terminal(kbfix, "show", "Q102873", home=tantivy_home, LINES="10", KBFIX_PAGER="no-such-pager")
    assert "MORE INFORMATION" in written
