"""The term dictionary: codes by term, in blocks and beside them."""

import sqlite3
from collections.abc import Iterator

import pytest

from kb.matching.term_dictionary import SCHEMA, TermDictionary

MANY = {f"word{number:05}": 40_000 + number for number in range(3000)}


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    opened.executescript(SCHEMA)
    yield opened
    opened.close()


def write(connection: sqlite3.Connection, new: dict[str, int], known: dict[str, int]) -> TermDictionary:
    dictionary = TermDictionary(connection)
    dictionary.write(new, (known | new).items())
    return dictionary


def counts(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return the numbers of blocks and of late terms."""
    query = "SELECT (SELECT count(*) FROM term_blocks), (SELECT count(*) FROM late_terms)"
    found: tuple[int, int] = connection.execute(query).fetchone()
    return found


def test_every_term_has_its_code_and_no_other_has_one(connection: sqlite3.Connection) -> None:
    dictionary = write(connection, MANY, {})
    assert counts(connection) == (12, 0)
    assert dictionary.codes([*MANY, "word", "word0", "word99999", "a", "zzz", "ord00001", ""]) == MANY
    assert all(dictionary.codes([term]) == {term: code} for term, code in list(MANY.items())[::97])
    assert dict(dictionary.every()) == MANY


def test_a_term_is_not_found_in_another(connection: sqlite3.Connection) -> None:
    dictionary = write(connection, {"nt": 5, "nt4": 6, "winnt": 7, "é": 8}, {})
    assert dictionary.codes(["n", "t", "nt", "win", "é", "e"]) == {"nt": 5, "é": 8}


def test_a_few_late_terms_stand_beside_the_blocks_and_many_are_written_into_them(
    connection: sqlite3.Connection,
) -> None:
    write(connection, MANY, {})
    few = {"late": 90_000, "word00001x": 90_001}
    dictionary = write(connection, few, MANY)
    assert counts(connection) == (12, 2)
    assert dictionary.codes(["late", "word00001x", "word00001"]) == few | {"word00001": 40_001}
    assert sorted(dictionary.beginning_with("word00001")) == ["word00001", "word00001x"]
    assert dict(dictionary.every()) == MANY | few
    more = {f"more{number}": 91_000 + number for number in range(1000)}
    dictionary = write(connection, more, MANY | few)
    assert counts(connection) == (16, 0)
    assert dictionary.codes([*MANY, *few, *more]) == MANY | few | more


@pytest.mark.parametrize(
    "prefix", ["", "w", "word", "word01", "word0025", "word00256", "word02999", "x", "a", "word\U0010ffff"]
)
def test_a_prefix_finds_what_begins_so_in_whatever_block(connection: sqlite3.Connection, prefix: str) -> None:
    dictionary = write(connection, MANY, {})
    assert sorted(dictionary.beginning_with(prefix)) == [term for term in sorted(MANY) if term.startswith(prefix)]


def test_only_codes_of_signatures_have_a_kind(connection: sqlite3.Connection) -> None:
    dictionary = write(connection, {"stop=a": 7, "message=0a1b": 8, "stop": 9}, {})
    assert dictionary.signature_kinds([7, 8, 9, 10]) == {7: "stop"}


def test_damage_is_told(connection: sqlite3.Connection) -> None:
    dictionary = write(connection, MANY, {})
    assert dictionary.problems() == []
    connection.execute("UPDATE term_blocks SET codes = substr(codes, 4) WHERE first = 'word00000'")
    connection.execute("UPDATE term_blocks SET terms = substr(terms, 1, 30) WHERE first = 'word00256'")
    shifted, cut = dictionary.problems()
    assert "'word00000'" in shifted
    assert "'word00256'" in cut
    with pytest.raises(ValueError, match="compressed content"):
        dictionary.codes(["word00300"])
