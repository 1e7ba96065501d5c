"""Turn the files of archived knowledge bases into articles: decode, recognise the form, parse, derive fields."""
