"""The home folder: whose it is, what it remembers, who may write."""

import json
import multiprocessing
import sys
from pathlib import Path

import pytest

from kb.errors import HomeBusy, HomeError
from kb.store.home import Home, copy_store, default_home, make_home, open_home, remember_engine, write_json, write_lock


def test_a_new_home_can_be_opened(tmp_path: Path) -> None:
    assert open_home(make_home(tmp_path / "deep" / "home").path) == Home(tmp_path / "deep" / "home")


def test_an_empty_folder_may_become_a_home(tmp_path: Path) -> None:
    assert make_home(tmp_path).path == tmp_path


def test_making_a_home_again_changes_nothing(tmp_path: Path) -> None:
    remember_engine(make_home(tmp_path), "whoosh")
    assert make_home(tmp_path).engine == "whoosh"


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear reader")
    for use in (make_home, open_home):
        with pytest.raises(HomeError, match="holds other files"):
            use(tmp_path)


def test_a_missing_home_names_the_import(tmp_path: Path) -> None:
    with pytest.raises(HomeError) as caught:
        open_home(tmp_path / "none")
    assert "kbfix import" in caught.value.next_step


@pytest.mark.parametrize("mark", ["", "{", "[]", '{"other": 1}', '{"kbfix": "x"}'])
def test_a_damaged_mark_is_told(tmp_path: Path, mark: str) -> None:
    (tmp_path / "kbfix.json").write_text(mark)
    with pytest.raises(HomeError, match="damaged"):
        open_home(tmp_path)


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kbfix.json").write_text('{"kbfix": 2}')
    with pytest.raises(HomeError, match="newer kbfix"):
        make_home(tmp_path)


def test_json_is_written_whole(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"a": 1})
    write_json(tmp_path / "a.json", {"a": 2})
    assert json.loads((tmp_path / "a.json").read_text()) == {"a": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def _try_lock(path: Path, answer: "multiprocessing.Queue[str]") -> None:
    try:
        with write_lock(open_home(path)):
            answer.put("got it")
    except HomeBusy as error:
        answer.put(error.what)


def test_another_process_is_refused_the_lock_and_told_who_holds_it(tmp_path: Path) -> None:
    import os

    home = make_home(tmp_path)
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()

    def ask() -> str:
        process = context.Process(target=_try_lock, args=(tmp_path, answers))
        process.start()
        answer: str = answers.get(timeout=60)
        process.join()
        return answer

    with write_lock(home):
        assert ask() == f"process {os.getpid()} is writing to {tmp_path}"
    assert ask() == "got it"
    answers.close()
    answers.join_thread()


def test_the_lock_can_be_taken_again_after_an_error(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    with pytest.raises(ZeroDivisionError), write_lock(home):
        raise ZeroDivisionError
    with write_lock(home):
        pass


def test_copying_a_home_that_is_not_there_gives_an_empty_one(tmp_path: Path) -> None:
    assert not copy_store(tmp_path / "none", tmp_path / "copy").store.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="the folder differs by platform")
def test_the_default_home_is_in_the_users_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_home() == tmp_path / "kbfix"
