"""Keep the raw numbers of a run with the machine that they were measured on."""

import datetime
import json
import platform
from pathlib import Path
from typing import Any

RUNS = Path(__file__).parent / "runs"


def keep_run(bench: str, cores: int, figures: dict[str, Any], folder: Path = RUNS) -> Path:
    """Write the figures of a bench of this name as JSON; return the file, one a day."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    record = {
        "date": today,
        "bench": bench,
        "machine": {"python": platform.python_version(), "cores": cores, "system": platform.system()},
        "figures": figures,
    }
    path = folder / f"{today}-{bench}.json"
    path.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    return path


def read_run(path: Path) -> dict[str, Any]:
    """Return the figures of a kept run."""
    return dict(json.loads(path.read_text("utf-8"))["figures"])
