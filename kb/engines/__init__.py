"""Engines bring candidates: one contract (`base`), one module an engine, and the `registry` that picks one by name."""
