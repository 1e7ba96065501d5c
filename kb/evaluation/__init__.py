"""How often the right article comes first: labelled queries, measures of their ranks, intervals, comparisons."""
