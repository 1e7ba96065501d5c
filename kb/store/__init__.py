"""The store: one SQLite file that holds the truth, in a home folder beside all that is derived from it."""
