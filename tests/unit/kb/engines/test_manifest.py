"""A manifest knows the files it was made of."""

import pytest

from kb.engines import manifest


@pytest.fixture
def sums(tmp_path):
    for name, content in {"a": b"some bytes", "b": b""}.items():
        (tmp_path / name).write_bytes(content)
    return {name: manifest.measure(tmp_path / name) for name in ("a", "b")}


def told(folder, sums):
    return list(manifest.problems(folder, sums, read_through=sums))


def test_files_that_did_not_change_have_no_problems(tmp_path, sums):
    assert manifest.load(manifest.dump(sums)) == sums
    assert told(tmp_path, sums) == []


def test_a_changed_byte_a_changed_size_and_a_missing_file_are_told_apart(tmp_path, sums):
    (tmp_path / "a").write_bytes(b"same bytes")
    assert told(tmp_path, sums) == ["a does not match its checksum"]
    assert list(manifest.problems(tmp_path, sums, read_through=[])) == []
    (tmp_path / "a").write_bytes(b"some")
    (tmp_path / "b").unlink()
    size, missing = told(tmp_path, sums)
    assert size == "a has 4 bytes instead of 10"
    assert missing.startswith("b cannot be read")


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"3", b'{"format": 2, "files": {}}', b'{"format": 1, "files": [1]}', b"\xff"]
)
def test_what_is_no_manifest_of_this_format_is_a_value_error(data):
    with pytest.raises(ValueError):
        manifest.load(data)
