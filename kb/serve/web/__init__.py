"""The web page and the HTTP API, for this machine alone."""
