"""Whatever is added and deleted, the forward index holds what a plain dictionary holds."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.matching.forward_index import FIELD_END, ForwardIndex
from kb.text.fields import FIELD_WEIGHTS, AnalysedArticle

IDS = st.sampled_from([f"Q{number}" for number in range(100_000, 100_008)])
TERMS = st.one_of(st.sampled_from(["modem", "printer", "#7b", "c++", "é"]), st.text(min_size=1, max_size=5))
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
                index.add([AnalysedArticle(article_id, fields)])
        index.commit()
        index.close()
        reader = ForwardIndex(Path(folder))
        try:
            assert set(reader.ids()) == set(expected)
            vocabulary = {term for fields in expected.values() for sequence in fields for term in sequence}
            characters = reader.characters(vocabulary)
            for article_id, (sequence, length) in reader.sequences(list(expected)).items():
                fields = expected[article_id]
                written = FIELD_END.join("".join(characters[term] for term in each) for each in fields)
                assert sequence == written
                assert length == sum(w * len(each) for w, each in zip(FIELD_WEIGHTS.values(), fields, strict=True))
            number, average = reader.averages()
            assert number == len(expected)
            assert average > 0
        finally:
            reader.close()
