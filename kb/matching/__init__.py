"""Matching: what a query says, and how well an article fits it."""

import os

# Before any module here imports numpy: one thread is as quick for arrays of this size, starting more is most of numpy's
# start-up, and threads that wait for each other on a busy machine make a search several times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
