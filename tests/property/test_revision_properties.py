"""Whatever order files arrive in, over however many imports, the same revision is the article in the end."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.pipeline import Importer
from indexer.workers import Workers
from kb.store.changes import Changes
from kb.store.home import make_home
from tests.samples import article_file

GOLDEN = Path(__file__).parents[1] / "golden"
# One text as each of the forms that state the same things of it: ties that nothing but the form decides.
_HEAD = "Article: {id}\nProduct(s): Windows NT\nVersion(s): winnt 4.0\nOperating System(s):\nKeyword(s): kbprint\n"
_BODY = "Last Modified: {date}\n\nThe information in this article applies to:\n\n- Microsoft Windows NT 4.0\n\n"
_SECTION = "SYMPTOMS\n========\n\n{words}\n"


def text(article_id: str, date: str, words: str) -> bytes:
    return article_file(article_id, date=date, symptoms=words)


def html(article_id: str, date: str, words: str) -> bytes:
    page = (_HEAD + _BODY + _SECTION).format(id=article_id, date=date, words=words)
    return (
        f'<html><h2 id="x">{article_id}: A Printer</h2><pre class="highlight"><code>{page}</code></pre></html>'.encode()
    )


def markdown(article_id: str, date: str, words: str) -> bytes:
    page = (_HEAD + _BODY + _SECTION).format(id=article_id, date=date, words=words)
    lines = "".join(f"\t{line}\n" for line in page.split("\n"))
    return f"---\nlayout: page\n---\n\n## {article_id}: A Printer\n\n{{% raw %}}\n{lines}{{% endraw %}}\n".encode()


CONTENTS = st.builds(
    lambda form, *values: form(*values),
    st.sampled_from([text, html, markdown]),
    st.sampled_from(["Q100001", "Q100002"]),
    st.sampled_from(["01-JAN-1999", "02-FEB-1999", "XX"]),
    st.sampled_from(["It hums.", "It sums.", "It hums very loudly."]),
)


@contextmanager
def store() -> Iterator[tuple[Changes, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        changes = Changes(make_home(Path(folder) / "home"))
        changes._connection.execute("PRAGMA synchronous = OFF")
        try:
            yield changes, Path(folder)
        finally:
            changes.close()


def imported(changes: Changes, *paths: Path, prune: bool = False) -> None:
    with Workers(1, None) as workers:
        Importer(changes, None, workers, prune=prune).run(paths)


def current(changes: Changes, folder: Path) -> dict[str, tuple[str, str, str, list[str]]]:
    """Return, by id, what is shown of each article: hash and form, where it is, and the hashes that are kept."""
    found = {}
    for article in changes.articles.every_article():
        source = article.source
        path = str(Path(source.path).relative_to(folder)) if source.path.startswith("/") else source.path
        kept = [each.sha256 for each in changes.articles.revisions(article.id)]
        found[article.id] = (source.sha256, source.form, path, sorted(kept))
    return found


def after(contents: dict[str, bytes], imports: Sequence[Sequence[str]]) -> dict[str, tuple[str, str, str, list[str]]]:
    """Return what is shown after `imports`, each of some of the files in an order."""
    with store() as (changes, folder):
        for name, data in contents.items():
            (folder / name).write_bytes(data)
        for names in imports:
            imported(changes, *(folder / name for name in names))
        assert changes.articles.problems() == []
        return current(changes, folder)


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[dict[str, bytes], list[list[str]], list[list[str]]]:
    """Return files, and two ways to import all of them: in some order, in one import or several, some of them again."""
    contents = dict(enumerate(draw(st.lists(CONTENTS, min_size=2, max_size=6))))
    files = {f"{number}.txt": data for number, data in contents.items()}

    def way() -> list[list[str]]:
        order = draw(st.permutations(list(files)))
        cuts = sorted(draw(st.sets(st.integers(0, len(order)), max_size=3)) | {0, len(order)})
        ways = [list(order[start:end]) for start, end in pairwise(cuts)]
        return [*ways, draw(st.lists(st.sampled_from(list(files)), max_size=3))]

    return files, way(), way()


@given(arrivals())
@settings(max_examples=60, deadline=None)
def test_the_order_of_arrival_does_not_matter(given: tuple[dict[str, bytes], list[list[str]], list[list[str]]]) -> None:
    contents, one, other = given
    assert after(contents, one) == after(contents, other)


@given(st.lists(st.tuples(st.sampled_from(["a.txt", "b.txt", "c.txt"]), CONTENTS), max_size=8), st.permutations("abc"))
@settings(max_examples=60, deadline=None)
def test_files_that_are_mended_in_place_leave_what_they_hold_now(
    edits: list[tuple[str, bytes]], order: Sequence[str]
) -> None:
    """What is shown follows from the files as they are; articles that they were, and are no more, are pruned."""
    with store() as (changes, folder):
        last: dict[str, bytes] = {}
        for name, data in edits:
            (folder / name).write_bytes(data)
            last[name] = data
            imported(changes, folder / name, prune=True)
        shown = current(changes, folder)
    fresh = after(last, [[f"{letter}.txt" for letter in order if f"{letter}.txt" in last]])
    assert {key: value[:3] for key, value in shown.items()} == {key: value[:3] for key, value in fresh.items()}
