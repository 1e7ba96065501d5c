"""The derived fields of an article, one module each; all work on plain text and relative indentation."""
