"""What holds for the bundled corpus, checked with plain Python so that no parser can hide a mistake of another."""

import itertools
import json
import os
import re
import tarfile
from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
ARTICLES = sorted((CORPUS / "articles").glob("*.TXT"))
ARCHIVE = Path(os.environ.get("KBFIX_TEST_DATA", "../shared")) / "archive" / "kb-txt.tar.xz"

HEADER = re.compile(
    r"DOCUMENT:Q\d{5,6}  \d{2}-(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)-\d{4}  \[[a-z0-9]+\]\r\n"
    r"TITLE   :[^\r\n]{1,64}\r\nPRODUCT :[^\r\n]+\r\nPROD/VER:[^\r\n]{0,87}\r\nOPER/SYS:[^\r\n]*\r\n"
    r"KEYWORDS:[^\r\n]{0,87}\r\n\r\n={70}\r\n"
)
FOOTER = re.compile(
    r"\r\n={70}\r\n(?:(?:Keywords|Technology|Version|Hardware|Component|Issue type|Solution Type) *: ?[^\r\n]*\r\n)+"
    r"\r\n={77}\r\n\r\n(?:[^\r\n]+\r\n)+\r\nCopyright the kbfix authors \d{4}\.\Z"
)
CANONICAL = ("SYMPTOMS", "CAUSE", "RESOLUTION", "WORKAROUND", "STATUS", "SUMMARY", "MORE INFORMATION", "REFERENCES")
WORDS_IN_COMMON = 8


def text_of(path: Path) -> str:
    return path.read_bytes().decode("cp1252")


def body_of(text: str) -> list[str]:
    """Return the lines between the applies-to list (or the header) and the query words (or the footer)."""
    lines = text.split("\r\n")
    rules = [number for number, line in enumerate(lines) if line == "-" * 79]
    first = rules[1] + 1 if rules else lines.index("=" * 70) + 1
    last = len(lines) - 1 - lines[::-1].index("=" * 70)
    return [line for line in lines[first:last] if not line.startswith("Additional query words:")]


def paragraphs(lines: list[str]) -> list[list[str]]:
    return [part.split("\n") for part in re.split(r"\n{2,}", "\n".join(lines).strip("\n"))]


def is_prose(paragraph: list[str]) -> bool:
    """Tell prose from what an article quotes: messages, commands, code, registry keys, titles of other articles.

    Those stand indented by three or more and are not items of a list.
    """
    first = paragraph[0]
    listed = re.match(r" *(?:\d+\. |[a-z]\. |- |A\. |Resolution:)", first) is not None
    return listed or not first.startswith("   ")


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(tokens: list[str]) -> "zip[tuple[str, ...]]":
    return zip(*(tokens[start:] for start in range(WORDS_IN_COMMON)), strict=False)


def prose_runs(path: Path) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for paragraph in filter(is_prose, paragraphs(body_of(text_of(path)))):
        # Text in quotation marks is what a program shows or what one types.
        for piece in re.split(r'"[^"]*"', " ".join(paragraph)):
            found.update(runs(words(piece)))
    return found


def read_queries() -> list[dict[str, object]]:
    lines = (CORPUS / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


QUERIES = read_queries()
IDS = {path.stem for path in ARTICLES}


def test_there_are_at_least_forty_articles() -> None:
    assert len(ARTICLES) >= 40


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
class TestEveryArticle:
    def test_its_name_is_its_id(self, path: Path) -> None:
        assert text_of(path).startswith(f"DOCUMENT:{path.stem}  ")

    def test_begins_with_the_six_header_lines(self, path: Path) -> None:
        assert HEADER.match(text_of(path))

    def test_ends_with_footer_notice_and_copyright(self, path: Path) -> None:
        assert FOOTER.search(text_of(path))

    def test_every_line_ends_with_crlf_and_the_last_with_nothing(self, path: Path) -> None:
        data = path.read_bytes()
        assert data.count(b"\n") == data.count(b"\r") == data.count(b"\r\n") > 0
        assert not data.endswith(b"\n")

    def test_is_between_half_a_kilobyte_and_eight(self, path: Path) -> None:
        assert 512 <= path.stat().st_size <= 8192

    def test_underlines_are_as_long_as_their_headings(self, path: Path) -> None:
        lines = body_of(text_of(path))
        for heading, rule in itertools.pairwise(lines):
            if heading.strip() and rule and set(rule) in ({"="}, {"-"}):
                assert len(heading) == len(rule), heading

    def test_prose_is_wrapped_except_for_notices(self, path: Path) -> None:
        for paragraph in filter(is_prose, paragraphs(body_of(text_of(path)))):
            if not paragraph[0].startswith("IMPORTANT:"):
                assert max(map(len, paragraph)) <= 81, paragraph

    def test_names_no_vendor_as_its_author(self, path: Path) -> None:
        assert "MICROSOFT KNOWLEDGE BASE" not in text_of(path).upper()


def test_categories_are_many() -> None:
    categories = {re.match(r"DOCUMENT:\S+  \S+  \[(\w+)\]", text_of(path)).group(1) for path in ARTICLES}  # type: ignore[union-attr]  # the header test asserts the match
    assert len(categories) >= 14


def test_hard_forms_are_all_present() -> None:
    """Every form that a parser stumbles over has an article here, so that a parser that passes has met it."""
    texts = [text_of(path) for path in ARTICLES]

    def some(pattern: str) -> bool:
        return any(re.search(pattern, text, re.MULTILINE) for text in texts)

    def some_without(*patterns: str) -> bool:
        return any(not any(re.search(pattern, text, re.MULTILINE) for pattern in patterns) for text in texts)

    assert some_without("^The information in this article applies to:")
    assert some_without("^Additional query words:")
    assert some_without(*(f"^{heading}\r\n[=-]+\r$" for heading in CANONICAL))
    assert some("^MORE INFORMATION\r\n={16}(?:\r\n)+Additional query words:")
    assert some("^(?:SYMPTOMS?|CAUSE|WORKAROUND)\r\n-+\r$")
    assert some(r"^\S+ +\S+[^\r]*\r\n={10,}\r\n(?:\r\n)? *\S+ {2,}")
    assert some("[\x80-\xff\u20ac\u201c]")
    assert some("^ +\t")
    assert some("={70}\r\n[0-9][^\r]*\r\n[^\r]*\r\n[^\r]*\r\n-{79}")
    assert some(r"^ {3}Event ID: \d+\r\n {3}Source: ")
    assert some(r"HKEY_\S+\\\r\n +\w")
    assert some(r"^[^\r]{200,}\r$")
    for stop in ("STOP: 0x0000007B", "STOP 0x0000007F", "Stop 0x0000007f", "0xC000021A", "0x0000003f"):
        assert some(stop), stop


def test_every_article_is_described_in_the_readme() -> None:
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (Q\d+) \| ", readme, re.MULTILINE)
    assert sorted(listed) == sorted(IDS)


def test_queries_are_at_least_fifty_and_unique() -> None:
    assert len(QUERIES) >= 50
    assert len({query["id"] for query in QUERIES}) == len(QUERIES)
    assert len({query["query"] for query in QUERIES}) == len(QUERIES)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: str(query["id"]))
def test_a_query_is_labelled_with_articles_that_exist(query: dict[str, object]) -> None:
    assert set(query) == {"id", "query", "relevant", "also", "style", "kind"}
    assert query["style"] in {"terse", "sentence", "ticket", "paste"}
    assert query["kind"] in {"symptom", "error", "event", "noanswer"}
    relevant, also = query["relevant"], query["also"]
    assert isinstance(relevant, list)
    assert isinstance(also, list)
    assert set(relevant) | set(also) <= IDS
    assert not set(relevant) & set(also)
    assert (query["kind"] == "noanswer") == (not relevant)
    assert relevant or not also


def test_six_queries_or_more_have_no_answer() -> None:
    assert sum(query["kind"] == "noanswer" for query in QUERIES) >= 6


@pytest.mark.archive
@pytest.mark.skipif(not ARCHIVE.exists(), reason="needs archive/kb-txt.tar.xz in KBFIX_TEST_DATA")
def test_no_sentence_is_taken_from_the_real_archive() -> None:
    """No run of eight words of the corpus's prose occurs in any article of the archive."""
    ours = {run: path.stem for path in ARTICLES for run in prose_runs(path)}
    wanted = set(ours)
    copied: list[str] = []
    with tarfile.open(ARCHIVE, "r|xz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is None:
                continue
            text = file.read().decode("cp1252", errors="replace").partition("=" * 77)[0]
            copied.extend(
                f"{ours[run]} has {' '.join(run)!r} from {Path(member.name).name}"
                for run in wanted.intersection(runs(words(text)))
            )
    assert copied == []
