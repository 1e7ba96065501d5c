"""Several contents of one article: which is shown, what is told of the others, what `remove` takes."""

from pathlib import Path

import pytest

from tests.command import Command
from tests.samples import article_file

PAGE = """---
layout: page
---

## Q100001: A Printer Prints Blank Pages

{% raw %}
	Article: Q100001
	Product(s): Windows NT
	Version(s): winnt 4.0
	Operating System(s):
	Keyword(s): kbprint
	Last Modified: 01-JAN-1999
	
	-------------------------------------------------------------------------------
	The information in this article applies to:
	
	- Microsoft Windows NT Workstation version 4.0
	-------------------------------------------------------------------------------
	
	SYMPTOMS
	========
	
	The printer prints blank pages after the driver was updated.
	
	MORE INFORMATION
	================
	
	See the manual.
	
{% endraw %}
"""  # noqa: W293  (the mirror's pages have these tabs)


@pytest.fixture
def run(kbfix: Command) -> Command:
    """Return the command with one article in three contents, the text imported first."""
    (kbfix.folder / "new.txt").write_bytes(article_file(symptoms="The printer hums."))
    (kbfix.folder / "page.md").write_text(PAGE, "utf-8")
    (kbfix.folder / "old.txt").write_bytes(article_file(date="01-JAN-1998", title="A Printer Prints"))
    ran = kbfix("import", "new.txt", "page.md", "old.txt", "--json")
    assert (ran.record["added"], ran.record["duplicate"]) == (1, 2)
    return kbfix


def test_older_ones_tell_in_what_they_differ(run: Command) -> None:
    lines = run("show", "Q100001", "--revisions").stdout.splitlines()
    heads = [line.split() for line in lines if not line.startswith(" ")]
    assert [(head[0], head[1], head[2], head[-1]) for head in heads] == [
        ("1999-01-01", "current", "kb-text", "new.txt"),
        ("1999-01-01", "older", "kb-markdown", "page.md"),
        ("1998-01-01", "older", "kb-text", "old.txt"),
    ]
    words = " ".join(" ".join(lines).split())
    assert "has no category (winnt); " in words
    assert "has no RESOLUTION; has MORE INFORMATION (1 line)" in words
    assert "title is A Printer Prints, not A Printer Prints Blank Pages; " in words
    assert max(map(len, lines)) <= 80


def test_as_json_every_difference_has_its_values(run: Command) -> None:
    record = run("show", "Q100001", "--revisions", "--json").record
    assert (record["schema"], record["id"]) == (1, "Q100001")
    current, page, old = record["revisions"]
    assert current["differences"] == []
    assert (current["current"], current["files"], old["current"]) == (True, ["new.txt"], False)
    differences = {each["heading"] or each["field"]: each for each in page["differences"]}
    assert differences["category"] == {
        "field": "category", "heading": None, "change": "lacks", "here": None, "current": "winnt",
    }  # fmt: skip
    assert differences["SYMPTOMS"] == {
        "field": "sections", "heading": "SYMPTOMS", "change": "differs", "here": 1, "current": 1,
    }  # fmt: skip


def test_one_is_shown_by_the_beginning_of_its_hash(run: Command) -> None:
    old = run("show", "Q100001", "--revisions", "--json").record["revisions"][2]
    assert run("show", "Q100001", "--revision", old["sha256"][:8], "--json").record["title"] == "A Printer Prints"
    assert run("show", "Q100001", "--revision", old["sha256"][:8]).stdout.startswith("A Printer Prints\n")
    with run.start("show", "Q100001", "--raw", "--revision", old["sha256"]) as process:
        assert process.communicate()[0] == (run.folder / "old.txt").read_bytes()
    ran = run("show", "Q100001", "--revision", "zz")
    assert (ran.code, ran.error[0]) == (2, "Q100001 has 0 revisions whose hash begins with 'zz'")
    assert old["sha256"][:12] in ran.error[1]


def test_remove_takes_all_of_them_and_a_later_import_brings_all_back(run: Command) -> None:
    before = run("show", "Q100001", "--revisions", "--json").record
    assert run("remove", "q100001").stdout == "1 removed\n"
    assert run("show", "Q100001").code == 1
    assert run("stats", "--json").record["revisions"] == 0
    again = run("import", "old.txt", "page.md", "new.txt", "--json").record
    assert (again["added"], again["updated"], again["duplicate"]) == (1, 2, 0)
    assert run("show", "Q100001", "--revisions", "--json").record == before
    assert run("doctor").code == 0


def test_a_file_mended_in_place_is_shown_whatever_its_date(run: Command) -> None:
    (run.folder / "new.txt").write_bytes(article_file(date="02-FEB-1998", symptoms="The printer whistles."))
    (run.folder / "page.md").unlink()
    assert run("import", "new.txt", "--json").record["duplicate"] == 1, "the page is known, and newer"
    assert run("import", ".", "--prune", "--json").code == 0
    assert run("show", "Q100001", "--json").record["symptoms"] == "The printer whistles."
    assert run("search", "whistles", "--json").record["total"] == 1


class TestACollection:
    """A helpdesk's own articles beside Microsoft's of the same numbers."""

    @pytest.fixture
    def both(self, kbfix: Command, own_home: Path) -> Command:
        run = Command(kbfix.folder, own_home)
        (run.folder / "ours").mkdir()
        (run.folder / "ours" / "Q164175.TXT").write_bytes(article_file("Q164175", "Our Printer Hums"))
        (run.folder / "ours" / "new.TXT").write_bytes(article_file("Q999001", "Our Modem Sings"))
        assert run("import", "ours", "--collection", "contoso", "--json").record["added"] == 2
        return run

    def test_stays_apart(self, both: Command) -> None:
        assert both("show", "Q164175", "--json").record["title"].startswith("XADM: ")
        ours = both("show", "contoso:q164175", "--json").record
        assert (ours["title"], ours["collection"]) == ("Our Printer Hums", "contoso")
        assert len(both("show", "Q164175", "--revisions", "--json").record["revisions"]) == 1
        assert both("show", "Q999001").code == 1
        assert both("stats", "--json").record["articles"] == 64
        with both.start("show", "contoso:q164175", "--raw") as process:
            assert process.communicate()[0] == (both.folder / "ours" / "Q164175.TXT").read_bytes()

    def test_is_removed_by_its_own_ids(self, both: Command) -> None:
        assert both("remove", "contoso:q164175").stdout == "1 removed\n"
        assert both("show", "Q164175").code == 0
        assert both("remove", "Q164175", "contoso:q999001").stdout == "2 removed\n"
        assert both("stats", "--json").record["articles"] == 61
        again = both("import", "ours", "--collection", "contoso", "--json").record
        assert (again["added"], again["unchanged"]) == (2, 0)
        assert both("show", "Q164175").code == 1

    def test_is_not_touched_by_an_import_of_the_same_files_without_it(self, both: Command) -> None:
        record = both("import", "ours", "--json").record
        assert (record["added"], record["duplicate"]) == (1, 1)
        assert both("import", "ours", "--collection", "contoso", "--json").record["unchanged"] == 2
