"""The general form: which files it takes, whose articles they are, and what is read of them."""

from pathlib import Path

import pytest

from indexer.forms import FORMS, claimants
from indexer.forms.labelled.line_ends import has_lost_line_ends, with_line_ends
from indexer.forms.labelled.product_list import split_products
from indexer.forms.labelled_page import LabelledPage
from indexer.parse import parse_file
from kb.models import Article, RawFile

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden"
FORM = LabelledPage()
APPLIES = "<p>The information in this article applies to:</p><ul><li>Microsoft Word 97</li></ul>"
SECTIONS = "<h2>Symptoms</h2><p>It fails.</p><h2>Resolution</h2><p>Mend it with care.</p>"


def claimed(text: str, name: str = "page.txt") -> bool:
    return FORM.recognises(RawFile(name, text.encode("utf-8")))


def article(text: str, path: str = "page.html") -> Article:
    result = parse_file(RawFile(path, text.encode("utf-8")))
    assert (result.outcome, result.form) == ("parsed", "labelled-page"), result.diagnostics
    return result.articles[0]


def codes(found: Article) -> list[str]:
    return [note.code for note in found.diagnostics]


# recognition


@pytest.mark.parametrize("case", sorted(path.name for path in GOLDEN.glob("page-*")))
def test_the_golden_pages_are_this_form_alone(case: str) -> None:
    source = next((GOLDEN / case).glob("source.*"))
    raw = RawFile(source.name, source.read_bytes())
    assert [form.name for form in claimants(raw)] == ["labelled-page"]


@pytest.mark.parametrize(
    "case", sorted({path.parent.name for path in GOLDEN.glob("*/source.*") if "page-" not in path.parent.name})
)
def test_pages_of_specific_forms_are_left_to_them(case: str) -> None:
    source = next((GOLDEN / case).glob("source.*"))
    raw = RawFile(source.name, source.read_bytes())
    assert [form.name for form in claimants(raw)] == [form.name for form in FORMS if form.recognises(raw)]
    assert len(claimants(raw)) == 1


def test_a_stated_number_needs_one_section() -> None:
    assert claimed("T\n\nPSS ID Number: 115389\n\nSUMMARY\n\nx")
    assert not claimed("T\n\nPSS ID Number: 115389\n\nx")
    assert not claimed("T\n\nSUMMARY\n\nx")


def test_another_vendors_id_needs_a_problem_or_a_remedy() -> None:
    assert claimed("T\n\nDocument ID: 7001234\n\nResolution\n\nx")
    assert not claimed("T\n\nDocument ID: 7001234\n\nSummary\n\nx")


def test_without_an_id_a_problem_and_a_cause_or_remedy_are_needed() -> None:
    assert claimed("T\n\nProblem\n\nx\n\nFix\n\ny")
    assert claimed("T\n\nSymptom: x\nCause: y")
    assert not claimed("T\n\nProblem\n\nx\n\nSummary\n\ny")
    assert not claimed("T\n\nDescription\n\nx\n\nAnswer\n\ny"), "words that stand over anything"


@pytest.mark.parametrize(
    "text",
    [
        "From: a@example.com\nTo: b@example.com\nSubject: x\n\nProblem: x\nSolution: y\n",
        "".join(f"Problem: {n}\nSolution: {n}\n" for n in range(9)),
        "The symptoms of this problem have a cause.\nThe resolution is a fix.\n",
        "Fix: crash at start\nFix: issue 5\nChange: new icon\n",
        "\x00\x01\x02",
        "",
    ],
    ids=["mail", "list of known problems", "prose", "changes", "bytes", "empty"],
)
def test_other_texts_are_not_claimed(text: str) -> None:
    assert not claimed(text)


@pytest.mark.parametrize(
    "name", ["README.md", "readme.txt", "CHANGELOG", "a.py", "queries.jsonl", "server.log", "LICENSE"]
)
def test_readmes_programs_and_data_are_not_claimed_whatever_their_headings(name: str) -> None:
    assert not claimed("# T\n\n## Problem\n\nx\n\n## Solution\n\ny\n", name)


def claims_it(path: Path) -> bool:
    return FORM in claimants(RawFile(path.name, path.read_bytes()), general=(FORM,))


def test_no_file_of_this_repository_is_claimed() -> None:
    skipped = {".git", ".venv", "build", "golden", ".hypothesis", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    # The pages of kbfix serve have the headings of an article, and so have their templates.
    skipped.add("templates")
    claims = [
        str(path)
        for path in ROOT.rglob("*")
        if not skipped & set(path.relative_to(ROOT).parts) and path.is_file() and claims_it(path)
    ]
    assert claims == []


# whose article it is


@pytest.mark.parametrize(
    ("head", "path", "name", "code"),
    [
        ("<p>Article ID: Q168735</p>", "a.html", "Q168735", None),
        ("<p>ID: Q162361</p>", "a.html", "Q162361", None),
        ("<p>PSS ID Number: 115389</p>", "a.html", "Q115389", None),
        ("<p>Original KB number: 4508931</p>", "a.html", "Q4508931", None),
        ("<p>Article ID: 314917 - View products that this article applies to.</p>", "a.html", "Q314917", None),
        ("<p>Article Last Modified on 6/25/2002</p><p>Article ID: 814651</p>", "a.html", "Q814651", None),
        ("<p>This article was previously published under Q115389</p>", "a.html", "Q115389", None),
        ("Artikel-ID: 273738<br>Dieser Artikel wurde zuvor veröffentlicht unter D43359", "a.html", "Q273738", None),
        (f"<h1>T (821536)</h1>{APPLIES}", "a.html", "Q821536", "id-in-title"),
        (f"<h1>T</h1>{APPLIES}", "en-us/821/536.HTM", "Q821536", "id-from-path"),
        ("文書番号: 980586 - 対象製品<br>すべて展開する | すべて折りたたむ", "a.html", "Q980586", None),
        ("<p>Article ID: 980586</p><p>Keywords: kbprb kbenv</p>", "a.html", "Q980586", None),
        ("<p>Article ID: 12345</p>", "a.html", "local:12345", "other-vendor-id"),
        ("<p>文書番号: 12345</p>", "a.html", "local:12345", "other-vendor-id"),
        ("<p>Artikel-ID: 12345</p>", "a.html", "local:12345", "other-vendor-id"),
        ("<h1>T (821536)</h1>", "en-us/821/536.HTM", "local:821536", "other-vendor-id"),
        ("<p>Document ID: NW-4711</p>", "a.html", "local:nw-4711", None),
        ("<h1>Some title</h1>", "821/536.html", "local:some-title", "id-from-title"),
        ("", "some page.html", "local:some-page", "no-id"),
        ("<h1>印刷できない</h1>", "文書.html", None, "no-id"),
    ],
)  # fmt: skip
def test_ids(head: str, path: str, name: str | None, code: str | None) -> None:
    found = article(head + SECTIONS, path)
    assert found.id == name or (name is None and found.id.startswith("local:article-"))
    assert found.collection == ("microsoft" if found.id.startswith("Q") else "local")
    told = {"id-in-title", "id-from-path", "id-from-title", "no-id", "other-vendor-id"} & set(codes(found))
    assert (code in told) if code else not told


def test_a_page_that_only_mentions_microsofts_products_is_not_microsofts() -> None:
    page = (
        "<p>Article ID: 123456</p><p>Applies to: Microsoft Windows XP</p>"
        + SECTIONS
        + "<p>See support.microsoft.com/kb/900205.</p>"
    )
    found = article(page)
    assert (found.id, found.references) == ("local:123456", ())


# title, date, products


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Fax fails | Contoso Support</title>", "Fax fails"),
        ("<title>Contoso Support: Fax fails</title>", "Fax fails"),
        ("<title>Q900201: Fax fails</title>", "Fax fails"),
        ("<title>CTX123456 - Fax fails</title><h1>Knowledge Base</h1><h2>Fax fails</h2>", "Fax fails"),
        ("<h1>Fax fails [Q900201]</h1>", "Fax fails"),
        ("<h1>Fax - or phone - fails</h1>", "Fax - or phone - fails"),
        ("<p>Title: Fax fails</p>", "Fax fails"),
        ("<p>Document ID: 471112</p>", ""),
    ],
)
def test_titles_stand_without_id_and_site(head: str, title: str) -> None:
    found = article(head + SECTIONS)
    assert found.title == title
    assert [section.kind for section in found.sections] == ["symptoms", "resolution"], "the title is no text"
    assert ("no-title" in codes(found)) is not title


@pytest.mark.parametrize(
    ("labels", "date", "code"),
    [
        ("Created: 2000-01-02<br>Last updated: 3 May 2001", "2001-05-03", None),
        ("Created on: 1/31/2000<br>Published on: 2/28/2001", "2001-02-28", None),
        ("Last reviewed: February 26, 1998", "1998-02-26", None),
        ("Modified: 3/4/2002", "2002-03-04", "date-order"),
        ("Modified: 25/12/2003", "2003-12-25", None),
        ("02/19/2024", "2024-02-19", "date-without-label"),
        ("Modified: soon", None, "bad-date"),
        ("", None, "bad-date"),
    ],
)
def test_the_date_is_that_of_the_last_change(labels: str, date: str | None, code: str | None) -> None:
    found = article(f"<h1>Some title</h1><p>{labels}</p>{SECTIONS}")
    assert found.date == date
    told = {"date-order", "date-without-label", "bad-date"} & set(codes(found))
    assert told == ({code} if code else set())


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Word 97, Windows 10, version 1809 and later", ["Word 97", "Windows 10, version 1809 and later"]),
        ("A 1.0; B 2.0, C", ["A 1.0", "B 2.0", "C"]),
        ("SQL Server 7.0, Service Pack 2, Enterprise Edition", ["SQL Server 7.0, Service Pack 2, Enterprise Edition"]),
        ("A | B", ["A", "B"]),
        ("", []),
    ],
)  # fmt: skip
def test_products_on_one_line_are_cut_apart(written: str, names: list[str]) -> None:
    assert split_products(written) == names


@pytest.mark.parametrize(
    "products",
    [
        "<h3>Applies to</h3><ul><li>A 1.0</li><li>B 2.0</li></ul>",
        "<h3>Applies to</h3><p>A 1.0<br>B 2.0</p>",
        "<p><b>Applies to:</b> A 1.0, B 2.0</p>",
        "<p>The information in this article applies to:</p><ul><li>A 1.0<li>B 2.0</ul>",
        "<p>Affected products:</p><p>A 1.0</p><p>B 2.0</p>",
    ],
)
def test_what_a_page_applies_to_is_found_above_and_below(products: str) -> None:
    for page in (f"<h1>Some title</h1>{products}{SECTIONS}", f"<h1>Some title</h1>{SECTIONS}{products}"):
        found = article(page)
        assert found.products == ("A 1.0", "B 2.0")
        assert [section.kind for section in found.sections] == ["symptoms", "resolution"]


def test_an_environment_in_prose_is_a_section() -> None:
    found = article("<h3>Environment</h3><p>This was seen on clusters of two nodes.</p>" + SECTIONS.replace("h2", "h3"))
    assert found.products == ()
    assert found.sections[0].text == "This was seen on clusters of two nodes."


def test_environments_are_products_unless_there_are_others() -> None:
    alone = article("<h2>Environment</h2><ul><li>Linux</ul>" + SECTIONS)
    beside = article("<p>Product: Web Server</p><p>Operating system: Linux</p>" + SECTIONS)
    assert (alone.products, alone.environments) == (("Linux",), ())
    assert (beside.products, beside.environments) == (("Web Server", "Linux"), ("Linux",))


# sections


def test_lines_of_an_event_are_no_labels() -> None:
    event = "<p>Source: X<br>Version: 5<br>Type: Error</p>"
    found = article(f"<p>Document ID: 471112</p><h2>Symptoms</h2>{event}<h2>Cause</h2><p>x y z</p>")
    assert found.symptoms == "Source: X\nVersion: 5\nType: Error"
    assert found.versions is None


def test_headings_of_a_lower_rank_are_subheadings() -> None:
    found = article(
        "<h2>Symptoms</h2>a<h2>Resolution</h2>b<h3>Workaround</h3>c<h3>Method 2</h3>d<p><b>Note</b></p>e<p>"
    )
    assert [section.heading for section in found.sections] == ["Symptoms", "Resolution"]
    assert found.resolution == "b\n\nWorkaround\n----------\n\nc\n\nMethod 2\n--------\n\nd\n\nNote\n\ne"


def test_headings_of_the_same_rank_are_parts() -> None:
    found = article("<h2>Symptoms</h2>a<h2>Log files</h2>b<h2>Resolution</h2>c d e")
    assert [(section.heading, section.kind) for section in found.sections] == [
        ("Symptoms", "symptoms"), ("Log files", "other"), ("Resolution", "resolution"),
    ]  # fmt: skip
    assert found.symptoms == "a\n\nLog files\n=========\n\nb"


def test_words_of_the_site_are_left_out_and_counted() -> None:
    page = (
        "<p>Home</p><h1>Some title</h1>"
        + SECTIONS
        + "<p>Back to top</p><p>Was this page helpful?</p><p>Yes</p><p>No</p>"
    )
    found = article(page)
    assert [section.text for section in found.sections] == ["It fails.", "Mend it with care."]
    assert next(note.what for note in found.diagnostics if note.code == "site-words").endswith(": 5")


def test_words_of_a_menu_stay_where_they_are_text() -> None:
    found = article(
        "<h2>Symptoms</h2><ul><li>Print</li><li>No</li></ul><h2>Resolution</h2><ul><li>Save</li></ul><p>Done, then.</p>"
    )
    assert (found.symptoms, found.resolution) == (" - Print\n - No", " - Save\n\nDone, then.")


def test_later_articles_name_others_without_the_letter() -> None:
    page = (
        "<p>PSS ID Number: 900201</p><h2>SUMMARY</h2><p>In the Microsoft Knowledge Base:</p>"
        "<p>256986 Description of the registry</p><p>See KB 4508931, http://support.microsoft.com/kb/900206/ and "
        "<a href='http://support.microsoft.com/kb/900207'>more of it</a>.</p>"
        "<h2>MORE INFORMATION</h2><p>123456 Oak Street</p>"
    )
    found = article(page)
    assert found.references == ("Q256986", "Q4508931", "Q900206", "Q900207")
    assert [cross.title for cross in found.cross_references] == [
        "Description of the registry",
        None,
        None,
        "more of it",
    ]


# lost line ends


def test_only_long_lines_with_headings_have_lost_their_ends() -> None:
    lost = "x. SUMMARY ======= " + "Word " * 200 + ". MORE INFORMATION ================ y"
    assert has_lost_line_ends(lost)
    assert not has_lost_line_ends("x. SUMMARY ======= y. CAUSE ===== z")
    assert not has_lost_line_ends("Word " * 1000)


def test_line_ends_are_put_back_where_they_must_have_been() -> None:
    long = "It fails. " + "Word and word. " * 50
    lost = (
        f"SYMPTOMS ======== {long}The causes are: - One - Two - to be sure. "
        "1. Do this. 2. Do that in version 2. 0 times. Steps to Follow --------------- x"
    )
    assert with_line_ends(lost).split("\n") == [
        "", "", "SYMPTOMS", "========", "", f"{long}The causes are:", " - One", " - Two - to be sure.", "",
        "1. Do this.", "", "2. Do that in version 2. 0 times.", "", "Steps to Follow", "---------------", "", "x",
    ]  # fmt: skip


def test_short_lines_stay_as_they_are() -> None:
    assert with_line_ends("a - b\n1. c SUMMARY =======") == "a - b\n1. c SUMMARY ======="
