"""Matching: what a query says, and how well an article fits it."""
