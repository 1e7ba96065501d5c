"""Keep the raw numbers of a run with the machine that they were measured on."""

import datetime
import json
import platform
from pathlib import Path
from typing import Any

RUNS = Path(__file__).parent / "runs"


def keep_run(bench: str, cores: int, figures: dict[str, Any], folder: Path = RUNS) -> Path:
    """Write the figures of a bench of this name as JSON; return the file, one a day."""
    path = _path(bench, folder)
    record = {
        "date": path.name.removesuffix(f"-{bench}.json"),
        "bench": bench,
        "machine": {"python": platform.python_version(), "cores": cores, "system": platform.system()},
        "figures": figures,
    }
    path.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    return path


def run_of_today(bench: str, folder: Path = RUNS) -> dict[str, Any]:
    """Return the figures that were kept today, to add to them; empty where there are none."""
    path = _path(bench, folder)
    return dict(json.loads(path.read_text("utf-8"))["figures"]) if path.exists() else {}


def _path(bench: str, folder: Path) -> Path:
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return folder / f"{today}-{bench}.json"
