"""A sentence model for tests: no network of neurons, but the same door."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np


class HashModel:
    """Gives each word a direction by its letters; a text's vector is their mean. Counts the texts that it was given."""

    folder: Path | None = None

    def __init__(self, name: str = "hash", size: int = 64, before: Callable[[int], None] = lambda _: None) -> None:
        self.name, self.fingerprint, self.size = name, f"{name}-{size}", size
        self.texts: list[str] = []
        self._before = before

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self._before(len(self.texts))
        self.texts += texts
        rows = [
            np.sum([self._direction(word) for word in text.lower().split()] or [np.ones(self.size)], 0)
            for text in texts
        ]
        found = np.array(rows, np.float32).reshape(len(texts), self.size)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def _direction(self, word: str) -> np.ndarray:
        seed = int.from_bytes(hashlib.blake2b(word.strip(".,").encode(), digest_size=8).digest(), "big")
        return np.random.default_rng(seed).normal(size=self.size)
