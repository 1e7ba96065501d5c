"""Whatever is wrong is said in two lines, what and what next, with the right exit code and no traceback."""

import io
import json
import os
import shutil
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.command import Command
from tests.samples import article_file

_NO_OVERRIDE = "-dac_override,-dac_read_search"


@pytest.fixture
def run(kbfix: Command, tantivy_home: Path) -> Command:
    """Return the command with a home that holds the corpus."""
    return Command(kbfix.folder, tantivy_home)


@pytest.fixture
def own(kbfix: Command, own_home: Path) -> Command:
    """Return the command with a home of its own that holds the corpus."""
    return Command(kbfix.folder, own_home)


@pytest.fixture
def ordinary(kbfix: Command) -> Command:
    """Return the command as run by a user for whom permissions count, which root is not."""
    if os.name == "nt":
        pytest.skip("permissions are another matter on Windows")
    if os.geteuid() != 0:
        return kbfix
    if shutil.which("setpriv") is None:
        pytest.skip("the tests run as root, and there is no setpriv to drop its privileges")
    return replace(kbfix, executable=("setpriv", f"--bounding-set={_NO_OVERRIDE}", *kbfix.executable))


class TestFiles:
    def test_a_path_that_is_not_there(self, kbfix: Command) -> None:
        ran = kbfix("import", "nosuch.zip")
        assert (ran.code, ran.stdout) == (2, "")
        assert ran.error == ("there is no file or folder nosuch.zip", "check the path; nothing was imported")

    @pytest.mark.parametrize(
        ("name", "data", "why"),
        [
            ("EMPTY.TXT", b"", "the file holds no text"),
            ("PHOTO.TXT", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)), "a JPEG picture"),
            ("LETTER.TXT", b"Dear all,\r\nthe printer is broken.\r\n", "no known form"),
        ],
    )
    def test_a_file_that_is_no_article(self, kbfix: Command, name: str, data: bytes, why: str, tmp_path: Path) -> None:
        (tmp_path / name).write_bytes(data)
        ran = kbfix("import", tmp_path / name)
        assert ran.code == 1
        assert ran.stdout.startswith("1 found: 0 added, 1 unsupported, in ")
        assert len(ran.stdout.splitlines()) == 1
        what, next_step = ran.error
        assert what.startswith("no article was found: ")
        assert name in what
        assert why in what
        assert "kbfix parse" in next_step

    def test_a_folder_without_files(self, kbfix: Command) -> None:
        ran = kbfix("import", ".")
        assert (ran.code, ran.error[0]) == (1, "there is no file to import")

    def test_a_truncated_archive_gives_what_can_be_read(self, kbfix: Command, tmp_path: Path) -> None:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:xz") as archive:
            for number in range(100_000, 100_200):
                data = article_file(f"Q{number}", symptoms=os.urandom(400).hex())
                member = tarfile.TarInfo(f"Q{number}.TXT")
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
        (tmp_path / "cut.tar.xz").write_bytes(packed.getvalue()[: len(packed.getvalue()) * 2 // 3])
        ran = kbfix("import", tmp_path / "cut.tar.xz", "--json")
        assert ran.code == 1
        assert ran.record["failed"] == 1
        assert 100 < ran.record["added"] < 150
        assert "cut.tar.xz: the archive is damaged" in ran.error[0]
        assert kbfix("stats", "--json").record["articles"] == ran.record["added"]
        (tmp_path / "cut.tar.xz").write_bytes(packed.getvalue())
        ran = kbfix("import", tmp_path / "cut.tar.xz", "--json")
        assert (ran.code, ran.record["added"] + ran.record["unchanged"]) == (0, 200)

    def test_a_folder_that_may_not_be_read(self, ordinary: Command) -> None:
        closed = ordinary.folder / "closed"
        closed.mkdir(mode=0o000)
        ran = ordinary("import", "closed")
        closed.chmod(0o700)
        assert (ran.code, ran.stdout) == (2, "")
        assert ran.error[0] == "closed cannot be read: Permission denied"

    def test_a_folder_within_that_may_not_be_read_fails_alone(self, ordinary: Command) -> None:
        closed = ordinary.folder / "in" / "closed"
        closed.mkdir(parents=True)
        closed.with_name("Q100001.TXT").write_bytes(article_file())
        closed.chmod(0o000)
        ran = ordinary("import", "in", "--json")
        closed.chmod(0o700)
        assert (ran.code, ran.record["added"], ran.record["failed"]) == (1, 1, 1)
        assert "closed: the file cannot be read from the disk: Permission denied" in ran.error[0]

    def test_a_report_that_cannot_be_written(self, kbfix: Command, corpus: Path) -> None:
        ran = kbfix("import", corpus, "--report", "nosuch/report.jsonl")
        assert ran.code == 2
        assert "nosuch" in ran.error[0]

    def test_a_batch_line_that_is_no_query(self, run: Command) -> None:
        ran = run("search", "--batch", "-", stdin='{"id": "a", "query": "mail"}\n["b"]\n')
        assert ran.code == 2
        assert ran.error[0] == "line 2 of - is not a query"

    def test_a_batch_file_that_is_not_there(self, run: Command) -> None:
        ran = run("search", "--batch", "nosuch.jsonl")
        assert ran.code == 2
        assert "nosuch.jsonl" in ran.error[0]

    def test_a_name_that_cannot_be_a_collection(self, kbfix: Command, corpus: Path) -> None:
        ran = kbfix("import", corpus, "--collection", "Our Own!")
        assert ran.code == 2
        assert "lower-case" in ran.error[1]


class TestQueries:
    @pytest.mark.parametrize("command", ["search", "answer"])
    @pytest.mark.parametrize(
        ("query", "what"),
        [
            ("", "the query is empty"),
            (" \n\t ", "the query is empty"),
            ("?!* \x00 \U0001f600", "the query is empty"),
            ("what is the", "the query has only words that stand in every article"),
        ],
    )
    def test_a_query_that_says_nothing(self, run: Command, command: str, query: str, what: str) -> None:
        ran = run(command, "-", stdin=query)
        assert (ran.code, ran.stdout, ran.error[0]) == (2, "", what)

    @pytest.mark.parametrize(
        "arguments",
        [
            ("--product", "nonesuch"),
            ("--version", "99.9"),
            ("--since", "yesterday"),
            ("--until", "1999-13"),
            ("--kind", "poem"),
            ("--limit", "0"),
            ("--limit", "1001"),
        ],
    )
    def test_a_filter_that_cannot_be(self, run: Command, arguments: tuple[str, ...]) -> None:
        ran = run("search", "mail", *arguments)
        assert (ran.code, ran.stdout) == (2, "")
        assert arguments[1] in ran.error[0] or arguments[0] in ran.error[0]

    def test_a_product_that_is_nearly_right_is_suggested(self, run: Command) -> None:
        assert "exchange server" in run("search", "mail", "--product", "exchnge server").error[1]

    def test_a_query_of_a_megabyte(self, run: Command) -> None:
        ran = run("search", "-", "--json", stdin="unexpected error 0x80040154 in mail.exe\n" * 26_000)
        assert ran.code == 0

    @pytest.mark.parametrize(
        "query",
        [
            "(((((((((((",
            '"unbalanced mail',
            "mail AND OR NOT",
            "mail*~99^7 [a TO b]",
            "title:mail",
            "\\mail\\ ' \" -- ;",
        ],
    )
    def test_query_syntax_is_text(self, run: Command, query: str) -> None:
        ran = run("search", "-", stdin=query)
        assert ran.code in (0, 2)
        assert "Traceback" not in ran.stderr
        assert (ran.code == 0) == ("mail" in query)


class TestIds:
    def test_an_article_that_is_not_there(self, run: Command) -> None:
        ran = run("show", "Q999999")
        assert (ran.code, ran.stdout) == (1, "")
        assert ran.error[0] == "Q999999 is not in this knowledge base"

    def test_an_article_that_others_refer_to_names_one_of_them(self, run: Command) -> None:
        known = {record["id"] for record in run("export").records}
        citing = {
            cited: record["id"]
            for record in run("export").records
            for cited in record["references"]
            if cited not in known
        }
        cited, source = min(citing.items())
        assert "refers to it: kbfix show Q" in run("show", cited).error[1], source

    @pytest.mark.parametrize("command", ["show", "related", "remove"])
    def test_what_is_no_id(self, run: Command, command: str) -> None:
        ran = run(command, "not an id")
        assert ran.code == 2
        assert ran.error[0] == "'not an id' is not an article id"


class TestUsage:
    @pytest.mark.parametrize(
        "arguments",
        [("serch", "mail"), ("search", "mail", "--nosuch"), ("import",), ("search", "mail", "--limit", "many")],
    )
    def test_what_cannot_be_understood_names_the_help(self, run: Command, arguments: tuple[str, ...]) -> None:
        ran = run(*arguments)
        assert (ran.code, ran.stdout) == (2, "")
        assert "--help" in ran.error[1]

    def test_no_command_at_all_shows_the_help(self, run: Command) -> None:
        ran = run()
        assert ran.code == 2
        assert "import" in ran.stdout + ran.stderr


class TestHomes:
    @pytest.mark.parametrize(
        "arguments", [("search", "mail"), ("answer", "mail"), ("show", "Q164175"), ("stats",), ("export",), ("doctor",),
                      ("rebuild",), ("remove", "Q164175"), ("related", "Q164175")]
    )  # fmt: skip
    def test_none_yet(self, kbfix: Command, arguments: tuple[str, ...]) -> None:
        ran = kbfix(*arguments)
        assert ran.code == 2
        assert ran.error[0].startswith("there is no knowledge base in ")
        assert "kbfix import" in ran.error[1]

    @pytest.mark.parametrize("arguments", [("search", "mail"), ("import", "nothing")])
    def test_a_folder_of_somebody_else(self, kbfix: Command, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        (kbfix.folder / "nothing").mkdir()
        (tmp_path / "photos").mkdir()
        (tmp_path / "photos" / "cat.jpg").write_bytes(b"\xff\xd8\xff")
        ran = kbfix(*arguments, home=tmp_path / "photos")
        assert ran.code == 2
        assert ran.error[0].endswith("is not a kbfix home: it holds other files")
        assert [path.name for path in (tmp_path / "photos").iterdir()] == ["cat.jpg"]

    def test_a_file_for_a_home(self, kbfix: Command, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        ran = kbfix("search", "mail", home=tmp_path / "file")
        assert ran.code == 2
        assert ran.error[0].endswith("is a file, not a folder")

    def test_one_of_a_newer_version(self, own: Command) -> None:
        assert own.home is not None
        (own.home / "kbfix.json").write_text(json.dumps({"kbfix": 99}))
        ran = own("search", "mail")
        assert ran.code == 2
        assert "made by a newer kbfix" in ran.error[0]

    def test_a_store_of_a_newer_version(self, own: Command) -> None:
        assert own.home is not None
        with closing(sqlite3.connect(own.home / "store.sqlite")) as store:
            store.execute("PRAGMA user_version = 99")
        for arguments in (("search", "mail"), ("remove", "Q164175"), ("doctor",)):
            ran = own(*arguments)
            assert ran.code == 2
            assert "written by a newer kbfix" in ran.error[0]

    def test_a_store_of_another_program(self, own: Command) -> None:
        assert own.home is not None
        with closing(sqlite3.connect(own.home / "store.sqlite")) as store:
            store.execute("PRAGMA application_id = 7")
        ran = own("search", "mail")
        assert ran.code == 2
        assert "is not a kbfix store" in ran.error[0]

    def test_a_mark_that_is_damaged(self, own: Command) -> None:
        assert own.home is not None
        (own.home / "kbfix.json").write_text("{")
        ran = own("search", "mail")
        assert ran.code == 2
        assert "kbfix.json is damaged" in ran.error[0]

    def test_one_on_a_medium_that_cannot_be_written_is_searched(self, own_engine_home: Path, ordinary: Command) -> None:
        run = replace(ordinary, home=own_engine_home)
        for path in (*own_engine_home.rglob("*"), own_engine_home):
            path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            ran = run("search", "tracking finds no trace of mail sent to the internet", "--json")
            assert (ran.code, ran.stderr, ran.record["hits"][0]["id"]) == (0, "", "Q164175")
            assert run("doctor").code == 0
            refused = run("remove", "Q164175")
            assert refused.code == 2
            assert "cannot be written to" in refused.error[0]
        finally:
            for path in (own_engine_home, *own_engine_home.rglob("*")):
                path.chmod(0o755)


class TestEngines:
    def test_one_that_there_is_not(self, run: Command) -> None:
        ran = run("search", "mail", "--engine", "lucene")
        assert ran.code == 2
        assert ran.error == ("there is no engine 'lucene'", "use one of: tantivy, whoosh")

    def test_one_whose_index_is_not_built(self, run: Command) -> None:
        ran = run("search", "mail", "--engine", "whoosh")
        assert ran.code == 2
        assert "the whoosh index of " in ran.error[0]
        assert ran.error[1] == "run: kbfix rebuild --engine whoosh"


class TestDamage:
    """What is broken is found, said, and mended where it can be."""

    @pytest.mark.parametrize("keep", [0, 1000, 200_000])
    def test_a_store_that_was_cut_off(self, own: Command, keep: int) -> None:
        assert own.home is not None
        store = own.home / "store.sqlite"
        assert keep < store.stat().st_size
        os.truncate(store, keep)
        ran = own("search", "mail")
        assert (ran.code, ran.stdout) == (2, "")
        assert "store" in ran.error[0]
        assert own("doctor").code in (1, 2)

    def test_a_store_with_bytes_changed(self, own: Command) -> None:
        assert own.home is not None
        store = own.home / "store.sqlite"
        with closing(sqlite3.connect(store)) as opened:
            (content,) = opened.execute("SELECT content FROM revisions ORDER BY length(content)").fetchone()
        data = bytearray(store.read_bytes())
        place = data.index(content) + len(content) // 2
        data[place : place + 20_000] = bytes(len(data[place : place + 20_000]))
        store.write_bytes(data)
        ran = own("doctor")
        assert ran.code in (1, 2)
        assert "Traceback" not in ran.stderr
        assert "Traceback" not in own("export").stderr

    @pytest.mark.parametrize("harm", ["cut", "flipped", "removed"])
    def test_an_index_is_told_from_a_sound_one_and_rebuilt(
        self, kbfix: Command, own_engine_home: Path, engine: str, harm: str
    ) -> None:
        run = Command(kbfix.folder, own_engine_home)
        symptom = ("search", "tracking finds no trace of mail sent to the internet", "--json")
        folder = own_engine_home / "derived" / f"engine-{engine}"
        files = [path for path in folder.rglob("*") if path.is_file() and path.parent != folder]
        file = max(files, key=lambda path: path.stat().st_size)
        data = bytearray(file.read_bytes())
        if harm == "cut":
            file.write_bytes(data[: len(data) // 2])
        elif harm == "flipped":
            data[len(data) // 2] ^= 0xFF
            file.write_bytes(data)
        else:
            file.unlink()
        ran = run("doctor")
        assert ran.code == 1
        assert f"damaged  {engine} index" in ran.stdout
        assert f"kbfix rebuild --engine {engine}" in ran.stdout
        ran = run(*symptom)
        if ran.code == 2:
            assert f"kbfix rebuild --engine {engine}" in ran.stderr
        else:
            assert ran.record["hits"][0]["id"] == "Q164175", "a search that is given must be right"
        assert run("rebuild", "--engine", engine).code == 0
        assert run("doctor").code == 0
        assert run(*symptom).record["hits"][0]["id"] == "Q164175"

    def test_an_index_whose_files_are_gone_names_the_rebuild(
        self, kbfix: Command, own_engine_home: Path, engine: str
    ) -> None:
        run = Command(kbfix.folder, own_engine_home)
        folder = own_engine_home / "derived" / f"engine-{engine}"
        for path in folder.rglob("*"):
            if path.is_file() and path.parent != folder:
                path.write_bytes(b"")
        ran = run("search", "mail")
        assert ran.code == 2
        assert f"kbfix rebuild --engine {engine}" in ran.error[1]

    def test_the_forward_index_names_the_rebuild_and_is_rebuilt(self, own: Command) -> None:
        assert own.home is not None
        file = next((own.home / "derived" / "forward").rglob("forward.sqlite"))
        file.write_bytes(file.read_bytes()[:5000])
        ran = own("search", "mail")
        assert ran.code == 2
        assert "kbfix rebuild" in ran.error[1]
        assert own("doctor").code == 1
        assert own("rebuild").code == 0
        assert own("search", "mail").code == 0

    def test_derived_data_that_are_gone_are_rebuilt(self, own: Command) -> None:
        assert own.home is not None
        shutil.rmtree(own.home / "derived")
        ran = own("search", "mail")
        assert ran.code == 2
        assert ran.error[1] == "run: kbfix rebuild --engine tantivy"
        assert own("rebuild").code == 0
        assert own("search", "mail").code == 0
