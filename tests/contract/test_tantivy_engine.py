"""The tantivy engine keeps the contract."""

import pytest

from .engine_contract import EngineContract

pytest.importorskip("tantivy", reason="tantivy has no wheel for this platform")


class TestTantivy(EngineContract):
    @pytest.fixture
    def engine(self):
        from kb.engines.tantivy_engine import TantivyEngine

        return TantivyEngine()
