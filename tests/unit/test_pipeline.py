"""The import: every file is counted once, reported in order, and known again."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexer import pipeline
from indexer.pipeline import Counts, FileReport, Importer, total_bytes
from indexer.workers import Workers
from kb.store.changes import Changes
from kb.store.home import make_home
from tests.samples import article_file

Import = Callable[..., "Imported"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What one import counted and reported."""

    counts: Counts
    reports: list[FileReport]


@pytest.fixture
def changes(tmp_path: Path) -> Iterator[Changes]:
    opened = Changes(make_home(tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def run(changes: Changes) -> Import:
    def imported(*paths: Path, verify: bool = False, stream: bytes | None = None) -> Imported:
        reports: list[FileReport] = []
        with Workers(1, None) as workers:
            importer = Importer(changes, None, workers, verify=verify, report=reports.append)
            counts = importer.run(paths) if stream is None else importer.run_stream(io.BytesIO(stream), "-")
        return Imported(counts, reports)

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
    import os

    file = tmp_path / "Q100000.TXT"
    file.write_bytes(article_file("Q100000", symptoms="It hums."))
    status = file.stat()
    run(file)
    file.write_bytes(article_file("Q100000", symptoms="It sums."))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert run(file).counts == Counts(unchanged=1)
    assert run(file, verify=True).counts == Counts(updated=1)


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
