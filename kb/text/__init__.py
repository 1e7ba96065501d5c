"""Text to terms: the one analysis that index and query share, ids, dates and versions as comparable values."""
