"""One command a file; each has a function `command` that cli/main.py registers."""
