"""The import: every file is counted once, reported in order, and known again."""

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexer import pipeline
from indexer.files import is_gone
from indexer.pipeline import Importer, total_bytes
from indexer.reports import Counts, FileReport
from indexer.workers import Workers
from kb.store.changes import Changes
from kb.store.home import make_home
from tests.packing import raw_zip, zipped
from tests.samples import article_file

Import = Callable[..., "Imported"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What one import counted and reported; `gone` articles are of files that are gone."""

    counts: Counts
    reports: list[FileReport]
    gone: int = 0
    is_all_listed: bool = True

    def named(self, status: str) -> list[str | None]:
        """Return the ids of the articles reported with a status."""
        return [report.id for report in self.reports if report.status == status]


@pytest.fixture
def changes(tmp_path: Path) -> Iterator[Changes]:
    opened = Changes(make_home(tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def run(changes: Changes) -> Import:
    def imported(
        *paths: Path, verify: bool = False, prune: bool = False, collection: str | None = None,
        stream: bytes | None = None,
    ) -> Imported:  # fmt: skip
        reports: list[FileReport] = []
        with Workers(1, collection) as workers:
            importer = Importer(changes, None, workers, collection, verify, prune, reports.append)
            counts = importer.run(paths) if stream is None else importer.run_stream(io.BytesIO(stream), "-")
        return Imported(counts, reports, importer.gone, importer.is_all_listed)

    return imported


def folder_of(path: Path, number: int) -> Path:
    path.mkdir()
    for each in range(100_000, 100_000 + number):
        (path / f"Q{each}.TXT").write_bytes(article_file(f"Q{each}", f"Article {each}"))
    return path


def test_reports_come_in_the_order_of_reading(run: Import, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "in", 130)
    (folder / "P.TXT").write_text("no article")
    (folder / "Q100050.zip").write_bytes(b"PK\x03\x04")
    reports = run(folder).reports
    names = [Path(report.path).name for report in reports]
    assert names == sorted(names)
    assert (reports[0].status, reports[52].status) == ("unsupported", "failed")


def test_counts_are_of_the_reports(run: Import, tmp_path: Path) -> None:
    found = run(folder_of(tmp_path / "in", 70))
    assert found.counts == Counts(added=70)
    assert found.counts.found == len(found.reports) == 70


def test_small_transactions_end_the_same(run: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_TRANSACTION_FILES", 3)
    monkeypatch.setattr(pipeline, "_BATCH_FILES", 2)
    folder = folder_of(tmp_path / "in", 30)
    assert run(folder).counts == Counts(added=30)
    assert run(folder).counts == Counts(unchanged=30)


def test_an_archive_that_grew_adds_the_new_member_only(run: Import, tmp_path: Path) -> None:
    for number in (2, 3):
        with zipfile.ZipFile(tmp_path / "kb.zip", "w") as archive:
            for each in range(100_000, 100_000 + number):
                archive.writestr(f"Q{each}.TXT", article_file(f"Q{each}"))
        counts = run(tmp_path / "kb.zip").counts
    assert counts == Counts(added=1, unchanged=2)


def test_what_gave_no_article_is_known_again_too(run: Import, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear reader")
    (tmp_path / "Q100000.TXT").write_bytes(article_file("Q100000"))
    (tmp_path / "copy.txt").write_bytes(article_file("Q100000"))
    assert run(tmp_path / "letter.txt", tmp_path / "Q100000.TXT", tmp_path / "copy.txt").counts == Counts(
        added=1, duplicate=1, unsupported=1
    )
    again = run(tmp_path / "letter.txt", tmp_path / "Q100000.TXT", tmp_path / "copy.txt")
    assert again.counts == Counts(unchanged=1, duplicate=1, unsupported=1)


def test_a_broken_source_is_read_again_next_time(run: Import, tmp_path: Path) -> None:
    (tmp_path / "kb.zip").write_bytes(b"PK\x03\x04")
    assert run(tmp_path / "kb.zip").counts == Counts(failed=1)
    assert run(tmp_path / "kb.zip").counts == Counts(failed=1)


def test_verify_reads_what_looks_unchanged(run: Import, tmp_path: Path, changes: Changes) -> None:
    file = tmp_path / "Q100000.TXT"
    file.write_bytes(article_file("Q100000", symptoms="It hums."))
    status = file.stat()
    run(file)
    file.write_bytes(article_file("Q100000", symptoms="It sums."))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert run(file).counts == Counts(unchanged=1)
    assert run(file, verify=True).counts == Counts(updated=1)


def test_a_report_is_as_good_the_second_time(run: Import, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "letter.txt").write_text("dear reader")
    (folder / "Q100000.TXT").write_bytes(article_file("Q100000", "A Title of 64 Characters".ljust(64, ".")))
    (folder / "Q100001.TXT").write_bytes(article_file("Q100001", date="01-XXX-1999"))
    (folder / "copy.txt").write_bytes(article_file("Q100001", date="01-XXX-1999"))
    with zipfile.ZipFile(folder / "empty.zip", "w"):
        pass
    (folder / "locked.zip").write_bytes(raw_zip([(b"a.txt", b"x", 1, 0)]))
    (folder / "cut.zip").write_bytes(zipped({"Q100002.TXT": article_file("Q100002")})[:-30])
    first, second = run(folder), run(folder)
    found = [(report.path, report.id, report.form, report.diagnostics) for report in first.reports]
    assert found == [(report.path, report.id, report.form, report.diagnostics) for report in second.reports]
    codes = {code for _, code in first.counts.diagnostics}
    assert codes >= {"unknown-form", "title-cut", "bad-date", "empty-archive", "encrypted-member", "broken-archive"}
    assert first.counts.diagnostics == second.counts.diagnostics
    assert second.counts == Counts(unchanged=3, duplicate=1, unsupported=2, failed=2)


def test_members_that_stay_locked_are_not_read_again(run: Import, tmp_path: Path, changes: Changes) -> None:
    (tmp_path / "kb.zip").write_bytes(
        raw_zip([(b"a.txt", b"x", 1, 0), (b"Q100000.TXT", article_file("Q100000"), 0, 0)])
    )
    assert run(tmp_path / "kb.zip").counts == Counts(added=1, failed=1)
    generation = changes.articles.generation
    assert run(tmp_path / "kb.zip").counts == Counts(unchanged=1, failed=1)
    assert changes.articles.generation == generation


def test_a_path_is_the_same_file_however_it_is_named(
    run: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path / "in", 3)
    assert run(folder).counts == Counts(added=3)
    monkeypatch.chdir(folder)
    again = run(Path("..") / "in")
    assert again.counts == Counts(unchanged=3)
    assert again.reports[0].path == "../in/Q100000.TXT"


class TestAVolume:
    """A file with several articles in it."""

    VOLUME = (Path(__file__).parents[1] / "golden" / "library-volume" / "source.txt").read_bytes()

    def test_is_known_again(self, run: Import, tmp_path: Path) -> None:
        (tmp_path / "v.txt").write_bytes(self.VOLUME)
        first = run(tmp_path / "v.txt")
        assert first.counts.added == first.counts.found > 2
        assert first.reports[0].path == f"{tmp_path / 'v.txt'}#Q90014"
        for verify in (False, True):
            assert run(tmp_path / "v.txt", verify=verify).counts == Counts(unchanged=first.counts.added)

    def test_is_read_again_for_one_article_that_was_removed(
        self, run: Import, tmp_path: Path, changes: Changes
    ) -> None:
        (tmp_path / "v.zip").write_bytes(zipped({"v.txt": self.VOLUME}))
        number = run(tmp_path / "v.zip").counts.added
        with changes.batch():
            changes.remove("Q90015")
        assert run(tmp_path / "v.zip").counts == Counts(added=1, unchanged=number - 1)

    def test_that_lost_articles_lets_them_go(self, run: Import, tmp_path: Path) -> None:
        (tmp_path / "v.txt").write_bytes(self.VOLUME)
        number = run(tmp_path / "v.txt").counts.added
        (tmp_path / "v.txt").write_bytes(self.VOLUME.replace(b"ArticleIdent: Q90015", b""))
        found = run(tmp_path / "v.txt", prune=True)
        assert (found.counts.found, found.named("pruned")) == (number - 1, ["Q90015"])

    def test_shares_one_original(self, run: Import, tmp_path: Path, changes: Changes) -> None:
        (tmp_path / "v.txt").write_bytes(self.VOLUME)
        number = run(tmp_path / "v.txt").counts.added
        for article_id in changes.articles.ids():
            assert changes.articles.original(article_id) == (self.VOLUME, number)

    def test_with_one_id_twice_keeps_both_and_settles(self, run: Import, tmp_path: Path, changes: Changes) -> None:
        twice = self.VOLUME.replace(b"ArticleIdent: Q90015", b"ArticleIdent: Q90014")
        (tmp_path / "v.txt").write_bytes(twice)
        first = run(tmp_path / "v.txt")
        assert first.reports[1].path == f"{tmp_path / 'v.txt'}#Q90014 (2)"
        assert len(changes.articles.revisions("Q90014")) == 2
        again = run(tmp_path / "v.txt", verify=True).counts
        assert (again.updated, again.added) == (0, 0)


class TestWhatIsGone:
    def test_is_told_and_stays(self, run: Import, tmp_path: Path, changes: Changes) -> None:
        folder = folder_of(tmp_path / "in", 3)
        run(folder)
        (folder / "Q100001.TXT").unlink()
        for _ in range(2):
            found = run(folder)
            assert (found.counts, found.gone) == (Counts(unchanged=2), 1)
        assert changes.articles.count() == 3

    def test_leaves_when_pruned(self, run: Import, tmp_path: Path, changes: Changes) -> None:
        folder = folder_of(tmp_path / "in", 3)
        run(folder)
        (folder / "Q100001.TXT").unlink()
        found = run(folder, prune=True)
        assert (found.counts, found.gone) == (Counts(unchanged=2, pruned=1), 0)
        assert found.counts.found == 2
        assert found.reports[-1] == FileReport(str(folder / "Q100001.TXT"), "pruned", "Q100001")
        assert list(changes.articles.ids()) == ["Q100000", "Q100002"]
        assert run(folder, prune=True).counts == Counts(unchanged=2)

    def test_of_an_archive_too_even_after_an_import_without(
        self, run: Import, tmp_path: Path, changes: Changes
    ) -> None:
        files = {f"Q{number}.TXT": article_file(f"Q{number}") for number in (100_000, 100_001)}
        (tmp_path / "kb.zip").write_bytes(zipped(files))
        run(tmp_path / "kb.zip")
        (tmp_path / "kb.zip").write_bytes(zipped({"Q100000.TXT": files["Q100000.TXT"]}))
        for _ in range(2):
            assert run(tmp_path / "kb.zip").gone == 1
        found = run(tmp_path / "kb.zip", prune=True)
        assert found.named("pruned") == ["Q100001"]
        assert found.reports[-1].path == f"{tmp_path / 'kb.zip'}!Q100001.TXT"
        assert list(changes.articles.ids()) == ["Q100000"]

    def test_is_told_of_an_archive_in_a_folder_that_is_gone_itself(self, run: Import, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        files = {f"Q{number}.TXT": article_file(f"Q{number}") for number in (100_000, 100_001)}
        (tmp_path / "in" / "kb.zip").write_bytes(zipped(files))
        run(tmp_path / "in")
        (tmp_path / "in" / "kb.zip").unlink()
        assert run(tmp_path / "in").gone == 2
        assert run(tmp_path / "in", prune=True).named("pruned") == ["Q100000", "Q100001"]

    def test_stays_where_something_could_not_be_read(self, run: Import, tmp_path: Path, changes: Changes) -> None:
        folder = folder_of(tmp_path / "in", 3)
        run(folder)
        (folder / "Q100001.TXT").unlink()
        (folder / "cut.zip").write_bytes(zipped({"a": b"x"})[:-10])
        found = run(folder, prune=True)
        assert (found.counts.pruned, found.gone, found.is_all_listed) == (0, 1, False)
        assert changes.articles.count() == 3
        (folder / "cut.zip").unlink()
        assert run(folder, prune=True).named("pruned") == ["Q100001"]

    def test_of_an_archive_that_is_cut_off_now_stays(self, run: Import, tmp_path: Path, changes: Changes) -> None:
        whole = zipped({f"Q{number}.TXT": article_file(f"Q{number}") for number in (100_000, 100_001)})
        (tmp_path / "kb.zip").write_bytes(whole)
        run(tmp_path / "kb.zip")
        (tmp_path / "kb.zip").write_bytes(whole[:600])
        assert run(tmp_path / "kb.zip", prune=True).counts.pruned == 0
        assert changes.articles.count() == 2
        (tmp_path / "kb.zip").write_bytes(whole)
        assert run(tmp_path / "kb.zip", prune=True).counts == Counts(unchanged=2)

    def test_is_not_what_lies_in_a_member_that_is_locked_now(
        self, run: Import, tmp_path: Path, changes: Changes
    ) -> None:
        inner = zipped({"Q100000.TXT": article_file("Q100000")})
        other = (b"Q100001.TXT", article_file("Q100001"), 0, 0)
        (tmp_path / "kb.zip").write_bytes(raw_zip([(b"inner.zip", inner, 0, 0), other]))
        run(tmp_path / "kb.zip")
        (tmp_path / "kb.zip").write_bytes(raw_zip([(b"inner.zip", b"x", 1, 0)]))
        found = run(tmp_path / "kb.zip", prune=True)
        assert found.named("pruned") == ["Q100001"]
        assert list(changes.articles.ids()) == ["Q100000"]
        assert run(tmp_path / "kb.zip", prune=True).counts == Counts(failed=1)

    def test_is_only_what_is_gone_from_the_places_named(self, run: Import, tmp_path: Path, changes: Changes) -> None:
        one, two = folder_of(tmp_path / "one", 2), folder_of(tmp_path / "two", 3)
        run(one, two)
        run(stream=article_file("Q200000"))
        run(two, collection="contoso")
        for path in (*one.iterdir(), *two.iterdir()):
            path.unlink()
        found = run(two, prune=True)
        assert found.named("pruned") == ["Q100002"]
        assert set(changes.articles.ids()) == {
            "Q100000", "Q100001", "Q200000", "contoso:q100000", "contoso:q100001", "contoso:q100002",
        }  # fmt: skip
        assert run(one, prune=True).counts == Counts(pruned=2)
        assert run(two, collection="contoso", prune=True).counts == Counts(pruned=3)
        assert list(changes.articles.ids()) == ["Q200000"]

    def test_is_no_file_that_is_passed_over(self, run: Import, tmp_path: Path, changes: Changes) -> None:
        folder = folder_of(tmp_path / "in", 1)
        hidden = folder / ".hidden.TXT"
        hidden.write_bytes(article_file("Q100005"))
        run(folder, hidden)
        assert run(folder, prune=True).counts == Counts(unchanged=1)

    @pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
    def test_is_not_what_lies_behind_a_link_that_leads_nowhere(self, run: Import, tmp_path: Path) -> None:
        disc = folder_of(tmp_path / "disc", 2)
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "link").symlink_to(disc)
        run(tmp_path / "in" / "link" / "Q100000.TXT")
        disc.rename(tmp_path / "unmounted")
        assert run(tmp_path / "in", prune=True).counts == Counts(failed=1)
        assert not is_gone(str(tmp_path / "in" / "link" / "Q100000.TXT"))
        assert is_gone(str(tmp_path / "in" / "other" / "Q100000.TXT"))

    def test_that_was_not_an_article_is_forgotten(self, run: Import, tmp_path: Path, changes: Changes) -> None:
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "letter.txt").write_text("dear reader")
        run(tmp_path / "in")
        (tmp_path / "in" / "letter.txt").unlink()
        assert run(tmp_path / "in", prune=True).counts == Counts()
        assert list(changes.articles.diagnostics()) == []

    def test_was_only_renamed(self, run: Import, tmp_path: Path, changes: Changes) -> None:
        folder = folder_of(tmp_path / "in", 2)
        run(folder)
        (folder / "Q100001.TXT").rename(folder / "renamed.TXT")
        found = run(folder)
        assert (found.counts, found.gone) == (Counts(unchanged=1, duplicate=1), 0)
        assert run(folder, prune=True).counts == Counts(unchanged=1, duplicate=1)
        assert run(folder).counts == Counts(unchanged=2)
        article = changes.articles.article("Q100001")
        assert article is not None
        assert article.source.path == str(folder / "renamed.TXT")


def test_a_stream_leaves_nothing_in_the_ledger(run: Import) -> None:
    assert run(stream=article_file()).counts == Counts(added=1)
    assert run(stream=article_file()).counts == Counts(unchanged=1)


def test_an_empty_folder_counts_nothing(run: Import, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    assert run(tmp_path / "none").counts.found == 0


def test_progress_ends_at_the_bytes_of_all_files(changes: Changes, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "in", 20)
    seen: list[int] = []
    with Workers(1, None) as workers:
        Importer(changes, None, workers, progress=seen.append).run([folder])
    assert seen == sorted(seen)
    assert seen[-1] == total_bytes([folder]) > 0


def test_worker_processes_give_the_same_in_the_same_order(
    run: Import, tmp_path: Path, changes: Changes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "_WORKERS_FROM", 1)
    folder = folder_of(tmp_path / "in", 150)
    reports: list[FileReport] = []
    with Workers(2, None) as workers:
        Importer(changes, None, workers, report=reports.append).run([folder])
    assert [report.id for report in reports] == [f"Q{number}" for number in range(100_000, 100_150)]
    assert run(folder).counts == Counts(unchanged=150)


def test_a_worker_that_is_killed_loses_nothing(
    tmp_path: Path, changes: Changes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "_WORKERS_FROM", 1)
    monkeypatch.setattr(pipeline, "_BATCH_FILES", 5)
    folder = folder_of(tmp_path / "in", 100)
    with Workers(2, None) as workers:
        workers.start()
        assert workers._pool is not None
        workers._pool.submit(int).result()
        for process in workers._pool._processes.values():
            process.kill()
        assert Importer(changes, None, workers).run([folder]) == Counts(added=100)
