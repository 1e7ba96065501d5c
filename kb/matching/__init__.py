"""Matching: what a query says, and how well an article fits it."""

import os
from pathlib import Path
from typing import Final

# Before any module here imports numpy: one thread is as quick for arrays of this size, starting more is most of numpy's
# start-up, and threads that wait for each other on a busy machine make a search several times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

MODEL: Final = Path(__file__).parent / "model"
"""The folder of what was learned, and comes with the program."""
