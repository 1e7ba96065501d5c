"""The memory engine keeps the contract."""

import pytest

from .engine_contract import EngineContract
from .memory_engine import MemoryEngine


class TestMemory(EngineContract):
    @pytest.fixture
    def engine(self):
        return MemoryEngine()
