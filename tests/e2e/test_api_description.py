"""The API is what its description says: schemathesis makes requests of it, good and bad, and checks every reply."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import Server

_CONFIGURATION = """
seed = 1

[phases.stateful]
enabled = false

[checks.positive_data_acceptance]
# What is well formed may still say nothing that can be searched (422), or name no article (404).
expected-statuses = ["2xx", "304", "404", "422"]
"""
_EXAMPLES = os.environ.get("KBFIX_API_EXAMPLES", "15")
"""Requests of each kind for each operation."""


@pytest.mark.skipif(importlib.util.find_spec("schemathesis") is None, reason="needs schemathesis")
def test_every_reply_is_as_described(served: Server, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(_CONFIGURATION, "utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", f"{served.address}/api/v1/openapi.json", "--checks", "all",
         "--max-examples", _EXAMPLES, "--no-color", "--suppress-health-check", "all"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert "No issues found" in ran.stdout, ran.stdout[-2000:]
