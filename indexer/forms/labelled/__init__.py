"""The parts of the labelled-page form: its vocabulary as data, and what finds headings, labels and lists with it."""
