"""Finding the files that a user names."""

import os
from pathlib import Path

import pytest

from indexer.files import FoundFile, check_paths, find_files, is_gone, shown_name
from kb.errors import BadInput


def names(*paths: Path) -> list[str]:
    return [found.path.name for found in find_files(list(paths)) if isinstance(found, FoundFile)]


def test_files_come_in_order_of_name_folder_by_folder(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.txt", "a.txt", "c/d/3.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    assert names(tmp_path) == ["a.txt", "1.txt", "2.txt", "3.txt"]


def test_a_file_tells_its_size_and_time_of_change(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    os.utime(tmp_path / "a", ns=(0, 10**18 + 100))
    (found,) = find_files([tmp_path / "a"])
    assert found == FoundFile(tmp_path / "a", 5, 10**18 + 100, str(tmp_path / "a"))


def test_hidden_files_are_left_out_unless_named(tmp_path: Path) -> None:
    (tmp_path / ".hidden").write_text("x")
    assert names(tmp_path) == []
    assert names(tmp_path / ".hidden") == [".hidden"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_to_a_folder_above_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "file").symlink_to(tmp_path / "a")
    (tmp_path / "dangling").symlink_to(tmp_path / "nosuch")
    assert names(tmp_path) == ["a", "file"]


def test_a_missing_path_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no file or folder"):
        check_paths([tmp_path, tmp_path / "nosuch"])


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_a_file_is_gone_when_no_name_that_is_shown_so_is_there(tmp_path: Path) -> None:
    for name in ("plain", "caf\udce9.txt", "caf\\xe9.txt"):
        path = tmp_path / name
        shown = shown_name(path)
        path.write_text("x")
        assert not is_gone(shown)
        path.unlink()
        assert is_gone(shown)
    assert is_gone(str(tmp_path / "none" / "a"))
    (tmp_path / "file").write_text("x")
    assert is_gone(str(tmp_path / "file" / "a"))


def test_names_that_are_no_utf8_can_be_shown() -> None:
    assert shown_name("caf\udce9.txt") == "caf\\xe9.txt"
    assert shown_name("日本") == "日本"
