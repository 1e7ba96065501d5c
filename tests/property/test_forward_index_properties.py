"""Whatever is added and deleted, the forward index holds what a plain dictionary holds."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.matching.forward_index import FIELD_END, ForwardIndex
from kb.text.batches import batch_of
from kb.text.fields import FIELD_WEIGHTS, AnalysedArticle

IDS = st.sampled_from([f"Q{number}" for number in range(100_000, 100_008)])
# Terms have no white space in them (kb/text/terms.py).
WORDS = st.text(min_size=1, max_size=5).filter(lambda text: not any(map(str.isspace, text)))
TERMS = st.one_of(st.sampled_from(["modem", "printer", "#7b", "c++", "é"]), WORDS)
FIELDS = st.lists(st.lists(TERMS, max_size=6).map(tuple), min_size=len(FIELD_WEIGHTS), max_size=len(FIELD_WEIGHTS)).map(
    tuple
)
CHANGES = st.lists(st.one_of(st.tuples(IDS, FIELDS), st.tuples(IDS, st.none())), max_size=12)


@settings(deadline=None, max_examples=60)
@given(CHANGES)
def test_it_holds_what_a_dictionary_holds(changes: list[tuple[str, tuple[tuple[str, ...], ...] | None]]) -> None:
    expected: dict[str, tuple[tuple[str, ...], ...]] = {}
    with tempfile.TemporaryDirectory() as folder:
        index = ForwardIndex(Path(folder), writable=True)
        for article_id, fields in changes:
            if fields is None:
                expected.pop(article_id, None)
                index.delete([article_id])
            else:
                expected[article_id] = fields
                index.add(batch_of([AnalysedArticle(article_id, fields)]))
        index.commit()
        index.close()
        reader = ForwardIndex(Path(folder))
        try:
            assert set(reader.ids()) == set(expected)
            vocabulary = {term for fields in expected.values() for sequence in fields for term in sequence}
            codes = reader.codes(vocabulary)
            found = reader.sequences(list(expected))
            assert set(found.ids) == set(expected)
            written: list[int] = []
            for article_id in found.ids:
                for each in expected[article_id]:
                    written += [codes[term] for term in each] + [ord(FIELD_END)]
            assert found.codes.tolist() == written[:-1]
            lengths = [
                sum(w * len(each) for w, each in zip(FIELD_WEIGHTS.values(), expected[article_id], strict=True))
                for article_id in found.ids
            ]
            assert found.lengths.tolist() == pytest.approx(lengths)
            number, average = reader.averages()
            assert number == len(expected)
            assert average > 0
        finally:
            reader.close()
