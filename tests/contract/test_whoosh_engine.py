"""The whoosh engine keeps the contract."""

import pytest

from kb.engines.whoosh_engine import WhooshEngine

from .engine_contract import EngineContract


class TestWhoosh(EngineContract):
    @pytest.fixture
    def engine(self):
        return WhooshEngine()
