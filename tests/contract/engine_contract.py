"""What every engine must do, as `kb/engines/base.py` words it. A subclass overrides the `engine` fixture."""

import random
import string
import subprocess
import sys
import threading
from math import log
from pathlib import Path

import pytest

from kb.engines.base import FILTER_FIELDS, K1, MAX_LIMIT
from kb.errors import BadInput, HomeBusy, HomeError, IndexUnavailable, KbError
from kb.models import Filters, IndexDocument

ANY = Filters()
ODD_TERMS = [
    '"quoted"',
    "it's",
    "\\server\\share",
    "c:\\winnt\\*.dll",
    "a.b.c#d",
    "terms:x",
    "id:Q1",
    "(a",
    "[a-z]+",
    ".*",
    "+x",
    "-x",
    "~",
    "^",
    "*",
    "?",
    "AND",
    "NOT",
    "{",
    "0x8007000e",
    "\U0001f600",
    "é",
    "e\u0301",
    "ß",
    "ẞ",
    "日本語",
    "\u200b",
    "\x00",
    "\x7f",
    "x" * 200,
    "\U0001f600" * 200,
]


def document(id_, *words, date=None, terms=None, **keywords):
    """Make a document of words, each with its count as weighted frequency, or of `terms` as they stand."""
    counts = {} if terms is None else dict(terms)
    for word in words:
        counts[word] = counts.get(word, 0.0) + 1.0
    return IndexDocument(id_, counts, {name: tuple(values) for name, values in keywords.items()}, date)


def ids_of(candidates):
    return [candidate.id for candidate in candidates]


class EngineContract:
    @pytest.fixture
    def engine(self):
        raise NotImplementedError

    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / "index"

    @pytest.fixture
    def fill(self, engine, path):
        """Give a function that makes an index of documents, committed at once, and opens it."""
        opened = []

        def fill(*documents, build=False):
            engine.create(path)
            with engine.writer(path, build=build) as writer:
                writer.add(documents)
                writer.commit()
            opened.append(engine.open(path))
            return opened[-1]

        yield fill
        for reader in opened:
            reader.close()

    def change(self, engine, path, add=(), delete=()):
        with engine.writer(path) as writer:
            writer.delete(delete)
            writer.add(add)
            writer.commit()

    def ask(self, engine, path, *words, filters=ANY, limit=10):
        with engine.open(path) as reader:
            return reader.candidates(dict.fromkeys(words, 1.0), filters, limit)

    # What is in an index

    def test_an_empty_index_opens_and_finds_nothing(self, engine, path):
        engine.create(path)
        with engine.open(path) as reader:
            assert reader.candidates({"x": 1.0}, ANY, 10) == []
            assert reader.document_frequencies(["x"]) == {"x": 0}
            assert list(reader.ids()) == []
            assert reader.stats().documents == 0
        assert engine.check(path) == []

    def test_stats_name_the_engine_its_version_and_its_bytes(self, engine, fill):
        stats = fill(document("Q1", "a")).stats()
        assert (stats.documents, stats.name, stats.version) == (1, engine.name, engine.version)
        assert stats.bytes > 0
        assert engine.version[0].isdigit()

    @pytest.mark.parametrize("build", [False, True])
    def test_every_document_is_found_by_its_term(self, fill, build):
        reader = fill(*(document(f"Q{number}", "all", f"only{number}") for number in range(50)), build=build)
        for number in range(50):
            assert ids_of(reader.candidates({f"only{number}": 1.0}, ANY, 10)) == [f"Q{number}"]
        assert sorted(reader.ids()) == sorted(f"Q{number}" for number in range(50))
        assert reader.document_frequencies(["all", "only7", "none"]) == {"all": 50, "only7": 1, "none": 0}

    def test_the_same_id_takes_the_place_of_what_was_committed(self, engine, path, fill):
        fill(document("Q1", "old"), document("Q2", "old"))
        self.change(engine, path, add=[document("Q1", "new")])
        assert ids_of(self.ask(engine, path, "old")) == ["Q2"]
        assert ids_of(self.ask(engine, path, "new")) == ["Q1"]
        with engine.open(path) as reader:
            assert sorted(reader.ids()) == ["Q1", "Q2"]
            assert reader.stats().documents == 2

    def test_the_same_id_takes_the_place_of_what_is_not_committed_yet(self, engine, path, fill):
        fill(document("Q1", "old"), document("Q1", "newer"), document("Q2", "other"))
        self.change(engine, path, add=[document("Q1", "newest"), document("Q1", "last")])
        assert self.ask(engine, path, "old", "newer", "newest") == []
        assert ids_of(self.ask(engine, path, "last")) == ["Q1"]
        assert engine.check(path) == []

    def test_deleted_documents_are_gone_and_unknown_ids_are_ignored(self, engine, path, fill):
        fill(*(document(f"Q{number}", "a") for number in range(5)))
        self.change(engine, path, delete=["Q1", "Q3", "Q9", "\ud800"])
        assert ids_of(self.ask(engine, path, "a")) == ["Q0", "Q2", "Q4"]
        with engine.open(path) as reader:
            assert sorted(reader.ids()) == ["Q0", "Q2", "Q4"]
            assert reader.stats().documents == 3
        assert engine.check(path) == []

    def test_a_document_deleted_before_its_commit_is_not_there(self, engine, path, fill):
        fill(document("Q1", "a"))
        with engine.writer(path) as writer:
            writer.add([document("Q2", "a")])
            writer.delete(["Q2", "Q1"])
            writer.commit()
        assert self.ask(engine, path, "a") == []

    def test_a_document_can_come_back_after_it_was_deleted(self, engine, path, fill):
        fill(document("Q1", "a"))
        self.change(engine, path, delete=["Q1"])
        self.change(engine, path, add=[document("Q1", "b")])
        assert ids_of(self.ask(engine, path, "b")) == ["Q1"]

    def test_all_documents_can_be_deleted(self, engine, path, fill):
        fill(document("Q1", "a"), document("Q2", "a"))
        self.change(engine, path, delete=["Q1", "Q2"])
        assert self.ask(engine, path, "a") == []
        assert engine.check(path) == []

    def test_a_document_without_terms_is_kept_and_never_found(self, fill):
        reader = fill(document("Q1"), document("Q2", "a"), document("Q3", terms={"b": 0.0, "c": -1.0}))
        assert sorted(reader.ids()) == ["Q1", "Q2", "Q3"]
        assert ids_of(reader.candidates({"a": 1.0, "b": 1.0, "c": 1.0}, ANY, 10)) == ["Q2"]

    def test_many_small_commits_leave_all_documents_and_a_sound_index(self, engine, path, fill):
        fill()
        for number in range(30):
            self.change(engine, path, add=[document(f"Q{number % 20}", "a", f"at{number}", product=["p"], date=number)])
        assert len(self.ask(engine, path, "a", limit=100)) == 20
        assert ids_of(self.ask(engine, path, "at3")) == []
        assert ids_of(self.ask(engine, path, "at29")) == ["Q9"]
        only = Filters({"product": frozenset(["p"])}, since=29)
        assert ids_of(self.ask(engine, path, "a", filters=only)) == ["Q9"]
        assert engine.check(path) == []

    # Terms

    @pytest.mark.parametrize("term", ODD_TERMS, ids=range(len(ODD_TERMS)))
    def test_a_term_of_any_characters_finds_its_document_and_no_other(self, fill, term):
        others = [document(f"Q{number}", other, "x", "a") for number, other in enumerate(ODD_TERMS) if other != term]
        reader = fill(document("right", term), *others)
        assert ids_of(reader.candidates({term: 1.0}, ANY, 10)) == ["right"]
        assert reader.document_frequencies([term]) == {term: 1}

    def test_terms_are_compared_as_they_are(self, fill):
        reader = fill(document("Q1", "Error"), document("Q2", "error"), document("Q3", "errors"))
        assert ids_of(reader.candidates({"error": 1.0}, ANY, 10)) == ["Q2"]

    def test_an_id_of_any_characters_comes_back(self, engine, path, fill):
        names = ["contoso:printer-offline", 'a "b"', "ü/ß", "\U0001f600", "x" * 300]
        reader = fill(*(document(name, "a") for name in names))
        assert ids_of(reader.candidates({"a": 1.0}, ANY, 10)) == sorted(names)
        self.change(engine, path, delete=names[:2])
        assert ids_of(self.ask(engine, path, "a")) == sorted(names[2:])

    def test_no_term_an_unknown_term_and_a_lone_surrogate_find_nothing(self, fill):
        reader = fill(document("Q1", "a"))
        for terms in ({}, {"nowhere": 1.0}, {"\ud800": 1.0}, {"a": 0.0}, {"a": -1.0}):
            assert reader.candidates(terms, ANY, 10) == []
        assert ids_of(reader.candidates({"nowhere": 1.0, "\ud800": 1.0, "a": 1.0}, ANY, 10)) == ["Q1"]
        assert reader.document_frequencies(["\ud800"]) == {"\ud800": 0}

    def test_ten_thousand_terms_in_a_query_and_in_a_document_are_taken(self, fill):
        many = [f"t{number}" for number in range(10_000)]
        reader = fill(document("long", *many), document("short", "t9999"))
        found = reader.candidates(dict.fromkeys(many, 1.0), ANY, 10)
        assert ids_of(found)[0] == "long"

    def test_text_that_is_no_unicode_is_refused_and_spoils_nothing(self, engine, path):
        if engine.name == "memory":
            pytest.skip("JSON keeps lone surrogates")
        engine.create(path)
        with engine.writer(path) as writer:
            for bad in (document("Q1", "a\ud800"), document("Q2\ud800", "a"), document("Q3", "a", kind=["\ud800"])):
                with pytest.raises(BadInput):
                    writer.add([bad])
            writer.add([document("Q4", "a")])
            writer.commit()
        assert ids_of(self.ask(engine, path, "a")) == ["Q4"]

    # Scores and order

    def test_the_score_is_bm25_over_the_weighted_field(self, fill):
        reader = fill(document("Q1", "a", "a", "b"), document("Q2", "b"), document("Q3", "c", "c"))
        found = reader.candidates({"a": 2.0, "b": 1.0}, ANY, 10)
        half = K1 * (0.25 + 0.75 * 3 / 2)
        idf_a, idf_b = log(1 + 2.5 / 1.5), log(1 + 1.5 / 2.5)
        first = 2.0 * idf_a * 2 * 2.2 / (2 + half) + idf_b * 2.2 / (1 + half)
        second = idf_b * 2.2 / (1 + K1 * (0.25 + 0.75 * 1 / 2))
        assert ids_of(found) == ["Q1", "Q2"]
        assert [each.score for each in found] == pytest.approx([first, second], rel=1e-4)

    def test_a_higher_weighted_frequency_ranks_above_at_equal_length(self, fill):
        reader = fill(
            document("low", terms={"a": 1.0, "z": 3.0}),
            document("high", terms={"a": 3.0, "z": 1.0}),
            document("mid", terms={"a": 2.0, "z": 2.0}),
        )
        assert ids_of(reader.candidates({"a": 1.0}, ANY, 10)) == ["high", "mid", "low"]

    def test_a_fraction_of_a_frequency_counts(self, fill):
        reader = fill(document("less", terms={"a": 0.2, "z": 3.0}), document("more", terms={"a": 2.8, "z": 0.4}))
        assert ids_of(reader.candidates({"a": 1.0}, ANY, 10)) == ["more", "less"]

    def test_a_longer_document_ranks_lower_at_equal_frequency(self, fill):
        reader = fill(document("long", "a", *("z" * n for n in range(1, 30))), document("short", "a", "z"))
        assert ids_of(reader.candidates({"a": 1.0}, ANY, 10)) == ["short", "long"]

    def test_a_rarer_term_weighs_more(self, fill):
        common = [document(f"c{number}", "common", "z") for number in range(20)]
        reader = fill(*common, document("rare", "rare", "z"))
        assert ids_of(reader.candidates({"common": 1.0, "rare": 1.0}, ANY, 1)) == ["rare"]

    def test_the_weight_of_a_query_term_multiplies(self, fill):
        reader = fill(document("Q1", "a"), document("Q2", "b"))
        assert ids_of(reader.candidates({"a": 1.0, "b": 1.5}, ANY, 10)) == ["Q2", "Q1"]
        assert ids_of(reader.candidates({"a": 1.5, "b": 1.0}, ANY, 10)) == ["Q1", "Q2"]
        once, twice = (reader.candidates({"a": weight}, ANY, 10)[0].score for weight in (1.0, 2.0))
        assert twice == pytest.approx(2 * once, rel=1e-4)

    def test_ties_come_in_the_order_of_ids_also_at_the_limit(self, fill):
        names = [f"Q{number}" for number in random.Random(1).sample(range(1000), 300)]
        reader = fill(*(document(name, "a") for name in names))
        for limit in (1, 7, 299, 300, 1000):
            assert ids_of(reader.candidates({"a": 1.0}, ANY, limit)) == sorted(names)[:limit]

    def test_the_order_of_import_changes_no_result(self, engine, tmp_path):
        rng = random.Random(2)
        words = string.ascii_lowercase
        documents = [
            document(f"Q{number}", *rng.choices(words, k=rng.randint(1, 30)), kind=[rng.choice("xyz")])
            for number in range(200)
        ]
        queries = [dict.fromkeys(rng.sample(words, rng.randint(1, 8)), 1.0) for _ in range(20)]
        results = []
        for seed in range(3):
            path = tmp_path / str(seed)
            engine.create(path)
            shuffled = random.Random(seed).sample(documents, len(documents))
            for start in range(0, 200, 50 * (seed + 1)):
                self.change(engine, path, add=shuffled[start : start + 50 * (seed + 1)])
            with engine.open(path) as reader:
                results.append([reader.candidates(query, ANY, 37) for query in queries])
        assert results[0] == results[1] == results[2]

    def test_the_limit_is_kept_and_the_best_stay(self, fill):
        reader = fill(*(document(f"Q{number:04}", "a", *("z" for _ in range(number % 40))) for number in range(1500)))
        whole = reader.candidates({"a": 1.0}, ANY, MAX_LIMIT)
        assert len(whole) == MAX_LIMIT
        assert reader.candidates({"a": 1.0}, ANY, 10) == whole[:10]
        assert [each.score for each in whole] == sorted((each.score for each in whole), reverse=True)

    @pytest.mark.parametrize("limit", [0, -1, MAX_LIMIT + 1])
    def test_a_limit_out_of_range_is_bad_input(self, fill, limit):
        with pytest.raises(BadInput):
            fill(document("Q1", "a")).candidates({"a": 1.0}, ANY, limit)

    # Filters

    @pytest.mark.parametrize("name", FILTER_FIELDS)
    def test_each_filter_field_holds_exact_values(self, fill, name):
        reader = fill(
            document("Q1", "a", **{name: ["Windows NT", "SMS 2.0"]}),
            document("Q2", "a", **{name: ["windows nt"]}),
            document("Q3", "a", **{name: ["Windows"]}),
            document("Q4", "a"),
        )

        def found(*values):
            return ids_of(reader.candidates({"a": 1.0}, Filters({name: frozenset(values)}), 10))

        assert found("Windows NT") == ["Q1"]
        assert found("SMS 2.0") == ["Q1"]
        assert found("Windows") == ["Q3"]
        assert found("Windows NT", "windows nt", "nowhere") == ["Q1", "Q2"]
        assert found("nowhere") == found("\ud800") == found() == []

    def test_all_fields_of_a_filter_must_hold(self, fill):
        reader = fill(
            document("Q1", "a", product=["p"], kind=["bug"], date=100),
            document("Q2", "a", product=["p"], kind=["fix"], date=100),
            document("Q3", "a", product=["q"], kind=["bug"], date=100),
            document("Q4", "a", product=["p"], kind=["bug"], date=200),
        )
        both = {"product": frozenset("p"), "kind": frozenset(["bug"])}
        assert ids_of(reader.candidates({"a": 1.0}, Filters(both), 10)) == ["Q1", "Q4"]
        assert ids_of(reader.candidates({"a": 1.0}, Filters(both, until=150), 10)) == ["Q1"]

    @pytest.mark.parametrize(
        ("since", "until", "expected"),
        [
            (None, None, ["dawn", "mid", "none", "old", "zero"]),
            (100, None, ["mid"]),
            (101, None, []),
            (None, 100, ["dawn", "mid", "old", "zero"]),
            (None, 99, ["dawn", "old", "zero"]),
            (0, 100, ["mid", "old", "zero"]),
            (1, 1, ["old"]),
            (-40_000, -1, ["dawn"]),
            (2, 1, []),
        ],
    )
    def test_dates_are_bounded_inclusively_and_no_date_fails_a_bound(self, fill, since, until, expected):
        days = {"old": 1, "mid": 100, "zero": 0, "dawn": -40_000, "none": None}
        reader = fill(*(document(name, "a", date=day) for name, day in days.items()))
        assert ids_of(reader.candidates({"a": 1.0}, Filters(since=since, until=until), 10)) == expected

    def test_filters_come_before_the_limit_and_change_no_score(self, fill):
        documents = [document(f"Q{number}", "a", "z", kind=["x"]) for number in range(100)]
        reader = fill(*documents, document("last", "a", *("z" for _ in range(30)), kind=["y"]))
        plain = {each.id: each.score for each in reader.candidates({"a": 1.0}, ANY, 1000)}
        found = reader.candidates({"a": 1.0}, Filters({"kind": frozenset("y")}), 1)
        assert [(each.id, each.score) for each in found] == [("last", pytest.approx(plain["last"], rel=1e-4))]

    def test_filters_alone_match_nothing(self, fill):
        assert fill(document("Q1", "a", kind=["x"])).candidates({}, Filters({"kind": frozenset("x")}), 10) == []

    def test_an_unknown_filter_field_is_bad_input(self, fill):
        with pytest.raises(BadInput):
            fill(document("Q1", "a")).candidates({"a": 1.0}, Filters({"colour": frozenset(["red"])}), 10)

    # Commits, snapshots and locks

    def test_a_reader_keeps_its_snapshot_until_it_is_refreshed(self, engine, path, fill):
        reader = fill(document("Q1", "a"), document("Q2", "a"))
        for number in range(3, 8):
            self.change(engine, path, add=[document(f"Q{number}", "a")], delete=["Q1"])
            assert ids_of(reader.candidates({"a": 1.0}, ANY, 10)) == ["Q1", "Q2"]
            assert sorted(reader.ids()) == ["Q1", "Q2"]
        reader.refresh()
        assert ids_of(reader.candidates({"a": 1.0}, ANY, 10)) == ["Q2", "Q3", "Q4", "Q5", "Q6", "Q7"]

    def test_a_reopened_index_gives_the_same_hits(self, engine, path, fill):
        reader = fill(*(document(f"Q{number}", "a", *("z" for _ in range(number % 7))) for number in range(40)))
        before = reader.candidates({"a": 1.0, "z": 1.0}, ANY, 40)
        with engine.open(path) as again:
            assert again.candidates({"a": 1.0, "z": 1.0}, ANY, 40) == before

    def test_what_was_not_committed_is_not_seen_and_vanishes(self, engine, path, fill):
        fill(document("Q1", "a"))
        files = sorted(each.name for each in path.iterdir())
        with engine.writer(path) as writer:
            writer.add([document("Q2", "a")])
            writer.delete(["Q1"])
            assert ids_of(self.ask(engine, path, "a")) == ["Q1"]
        assert ids_of(self.ask(engine, path, "a")) == ["Q1"]
        self.change(engine, path, add=[document("Q3", "a")])
        assert ids_of(self.ask(engine, path, "a")) == ["Q1", "Q3"]
        assert engine.check(path) == []
        assert len([*path.iterdir()]) < 3 * len(files)

    def test_an_exception_while_writing_leaves_the_last_commit_and_no_lock(self, engine, path, fill):
        fill(document("Q1", "a"))

        def breaking():
            yield document("Q2", "a")
            raise RuntimeError("the source failed")

        with pytest.raises(RuntimeError, match="the source failed"), engine.writer(path) as writer:
            writer.add(breaking())
        self.change(engine, path, add=[document("Q3", "a")])
        assert ids_of(self.ask(engine, path, "a")) == ["Q1", "Q3"]

    def test_a_second_writer_is_told_that_the_index_is_busy(self, engine, path, fill):
        fill(document("Q1", "a"))
        with engine.writer(path) as writer, pytest.raises(HomeBusy), engine.writer(path):
            pass
        writer.close()
        self.change(engine, path, add=[document("Q2", "a")])
        assert ids_of(self.ask(engine, path, "a")) == ["Q1", "Q2"]

    def test_several_commits_of_one_writer_are_each_seen(self, engine, path, fill):
        reader = fill()
        with engine.writer(path) as writer:
            for number in range(3):
                writer.add([document(f"Q{number}", "a")])
                writer.commit()
                reader.refresh()
                assert len(reader.candidates({"a": 1.0}, ANY, 10)) == number + 1
            writer.commit()
        assert engine.check(path) == []

    @pytest.mark.parametrize("committed", [0, 1])
    def test_a_killed_writer_leaves_the_last_commit_and_its_lock_is_taken_over(self, engine, path, fill, committed):
        if engine.name == "memory":
            pytest.skip("the oracle lives in one process")
        fill(document("Q1", "a"))
        script = (
            "import sys\nfrom pathlib import Path\nfrom kb.engines.registry import engine\n"
            "from kb.models import IndexDocument\n"
            f"writer = engine({engine.name!r}).writer(Path(sys.argv[1]))\n"
            "writer.add(IndexDocument(f'K{n}', {'a': 1.0, f't{n}': 2.0}) for n in range(3000))\n"
            f"{'writer.commit()' if committed else ''}\n"
            "writer.add([IndexDocument('last', {'a': 1.0})])\n"
            "print('ready', flush=True)\nsys.stdin.read()\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"ready"
        with pytest.raises(HomeBusy):
            engine.writer(path)
        process.kill()
        process.communicate()
        assert len(self.ask(engine, path, "a", limit=1000)) == (1000 if committed else 1)
        assert self.ask(engine, path, "last") == []
        assert engine.check(path) == []
        self.change(engine, path, add=[document("Q2", "b")])
        assert ids_of(self.ask(engine, path, "b")) == ["Q2"]
        assert engine.check(path) == []

    def test_a_full_disk_is_told_and_leaves_the_last_commit(self, engine, path, fill):
        resource = pytest.importorskip("resource", reason="only Unix can limit the size of files")
        if engine.name == "memory":
            pytest.skip("the oracle writes in place")
        fill(document("Q1", "a"))
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        for most in (100, 3_000, 30_000):
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
            try:
                with pytest.raises(HomeError) as caught:
                    self.change(engine, path, (document(f"K{number}", f"t{number}", "a") for number in range(20_000)))
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, before)
            self.assert_told(engine, path, caught.value)
            assert ids_of(self.ask(engine, path, "a")) == ["Q1"]
            assert engine.check(path) == []
        self.change(engine, path, add=[document("Q2", "a")])
        assert ids_of(self.ask(engine, path, "a")) == ["Q1", "Q2"]

    def test_a_closed_writer_is_not_used_again(self, engine, path, fill):
        if engine.name == "memory":
            pytest.skip("the oracle does not guard")
        fill()
        writer = engine.writer(path)
        writer.close()
        with pytest.raises(ValueError, match="closed"):
            writer.add([document("Q1", "a")])

    def test_one_reader_serves_several_threads(self, fill):
        reader = fill(*(document(f"Q{number:03}", "a", f"b{number % 9}") for number in range(300)))
        expected = {number: reader.candidates({"a": 1.0, f"b{number}": 1.0}, ANY, 20) for number in range(9)}
        wrong = []

        def ask(number):
            answers = (reader.candidates({"a": 1.0, f"b{number}": 1.0}, ANY, 20) for _ in range(20))
            wrong.extend(answer for answer in answers if answer != expected[number])

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []

    # Folders that are not as they should be

    def assert_told(self, engine, path, error):
        assert f"kbfix rebuild --engine {engine.name}" in error.next_step
        assert "\n" not in error.what + error.next_step
        assert str(path) in error.what

    def test_a_missing_an_empty_and_a_foreign_folder_are_no_index(self, engine, path, tmp_path):
        foreign = tmp_path / "foreign"
        foreign.mkdir()
        (foreign / "letter.txt").write_text("dear reader", encoding="utf-8")
        empty = tmp_path / "empty"
        empty.mkdir()
        for folder in (path, empty, foreign, foreign / "letter.txt"):
            for use in (engine.open, engine.writer):
                with pytest.raises(IndexUnavailable) as caught:
                    use(folder)
                self.assert_told(engine, folder, caught.value)
            assert len(engine.check(folder)) == 1
        assert [each.name for each in foreign.iterdir()] == ["letter.txt"]

    def test_creating_in_a_folder_with_other_files_is_refused_and_leaves_them(self, engine, path):
        path.mkdir()
        (path / "letter.txt").write_text("dear reader", encoding="utf-8")
        with pytest.raises(HomeError):
            engine.create(path)
        assert (path / "letter.txt").read_text(encoding="utf-8") == "dear reader"

    def test_creating_again_empties_the_index(self, engine, path, fill):
        fill(document("Q1", "a")).close()
        engine.create(path)
        assert self.ask(engine, path, "a") == []
        assert engine.check(path) == []

    def test_a_file_cut_short_or_missing_is_told_by_opening_or_by_check(self, engine, path, fill):
        fill(*(document(f"Q{number}", "a", f"b{number}", product=["p"], date=number) for number in range(200))).close()
        files = {each: each.read_bytes() for each in path.iterdir() if each.stat().st_size}
        assert files
        for file, content in files.items():
            for cut in (None, 0, len(content) // 2, len(content) - 1):
                if cut is None:
                    file.unlink()
                else:
                    file.write_bytes(content[:cut])
                self.assert_known_or_harmless(engine, path)
                file.write_bytes(content)
        assert engine.check(path) == []

    def test_a_flipped_bit_is_told_by_check_or_changes_no_answer(self, engine, path, fill):
        if engine.name == "memory":
            pytest.skip("the oracle keeps no checksum")
        fill(*(document(f"Q{number}", "a", f"b{number}", product=["p"], date=number) for number in range(200))).close()
        rng = random.Random(3)
        for file in sorted(each for each in path.iterdir() if each.stat().st_size):
            content = file.read_bytes()
            for _ in range(8):
                at = rng.randrange(len(content))
                file.write_bytes(content[:at] + bytes([content[at] ^ (1 << rng.randrange(8))]) + content[at + 1 :])
                self.assert_known_or_harmless(engine, path)
            file.write_bytes(content)
        assert engine.check(path) == []

    def assert_known_or_harmless(self, engine, path):
        problems = engine.check(path)
        assert all("\n" not in problem for problem in problems)
        if problems:
            return
        try:
            with engine.open(path) as reader:
                assert len(reader.candidates({"a": 1.0}, Filters({"product": frozenset("p")}), 1000)) == 200
                assert len([*reader.ids()]) == 200
        except KbError as error:
            pytest.fail(f"check found nothing, but: {error.what}")
