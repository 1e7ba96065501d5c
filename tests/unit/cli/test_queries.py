"""Where queries come from."""

import io
import sys
from pathlib import Path

import pytest

from cli.queries import batch_queries, query_text
from kb.errors import BadInput


class Stdin(io.TextIOWrapper):
    """Standard input that is a pipe, or says that it is a terminal."""

    def __init__(self, data: bytes, *, terminal: bool = False) -> None:
        super().__init__(io.BytesIO(data))
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def test_arguments_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    assert query_text(["printer", "offline"]) == "printer offline"


@pytest.mark.parametrize("given", [None, [], ["-"]])
def test_a_pipe_is_read_whatever_its_bytes(monkeypatch: pytest.MonkeyPatch, given: list[str] | None) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(b"caf\xe9 \xe2\x82\xac"))
    assert query_text(given) == "caf\ufffd €"


def test_a_terminal_without_words_is_an_empty_query(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(b"", terminal=True))
    with pytest.raises(BadInput, match="empty"):
        query_text([])


def test_batch_lines_give_ids_and_queries(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"id": "a", "query": "x", "more": 1}\n\n{"id": 2, "query": ""}\n')
    assert list(batch_queries(tmp_path / "q.jsonl")) == [("a", "x"), ("2", "")]


@pytest.mark.parametrize("line", ["{", "[]", "7", '{"id": "a"}', '{"query": "x"}', '{"id": [], "query": "x"}',
                                  '{"id": "a", "query": 7}', '\udcff'])  # fmt: skip
def test_a_line_that_is_no_query_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "q.jsonl").write_bytes(b'{"id": "a", "query": "x"}\n' + line.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadInput, match="line 2 of "):
        list(batch_queries(tmp_path / "q.jsonl"))
