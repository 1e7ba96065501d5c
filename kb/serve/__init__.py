"""The faces that answer over HTTP: a web page and an API, for this machine alone."""
