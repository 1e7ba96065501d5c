"""The tantivy engine keeps the contract."""

import pytest

from kb.engines.base import CountingWriter
from kb.models import CountedDocument, Filters

from .engine_contract import EngineContract, document, ids_of

pytest.importorskip("tantivy", reason="tantivy has no wheel for this platform")


class TestTantivy(EngineContract):
    @pytest.fixture
    def engine(self):
        from kb.engines.tantivy_engine import TantivyEngine

        return TantivyEngine()

    def test_a_counted_document_is_that_of_frequencies_rounded_to_no_less_than_one(self, engine, path):
        weighed = [document("a", terms={"x": 2.5, "y": 0.1}), document("b", "x", kind=["bug"], date=7)]
        counted = [
            CountedDocument("a", ["x", "x", "x", "y"]),
            CountedDocument("b", ["x"], {"kind": ("bug",)}, 7),
        ]
        filters = Filters({"kind": frozenset({"bug"})}, since=7)
        found = []
        for add in ("add", "add_counted"):
            engine.create(path)
            with engine.writer(path) as writer:
                assert isinstance(writer, CountingWriter)
                getattr(writer, add)(weighed if add == "add" else counted)
                writer.commit()
            asked = [self.ask(engine, path, "x", "y"), self.ask(engine, path, "x", filters=filters)]
            found.append(asked)
        assert ids_of(found[0][0]) == ["a", "b"]
        assert ids_of(found[0][1]) == ["b"]
        assert found[0] == found[1]
