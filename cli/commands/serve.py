"""`kbfix serve`: the knowledge base as a web page and an HTTP API, for this machine alone."""

from importlib.util import find_spec
from typing import Annotated

import typer

from cli.session import session_of
from kb.errors import ExtraMissing

_NEEDED = ("starlette", "uvicorn", "jinja2")


def command(
    context: typer.Context,
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="The port; 0 takes a free one.")] = 8164,
    host: Annotated[
        str, typer.Option(metavar="NAME", help="127.0.0.1, localhost or ::1: an address of this machine alone.")
    ] = "127.0.0.1",
) -> None:
    """Serve a web page to search and read, and an HTTP API, on this machine.

    Nothing else can reach it, and nothing it offers changes the knowledge base. It ends with Ctrl-C. Needs the extra
    kbfix[web].

    Example:
      kbfix serve --port 8164
    """
    session = session_of(context)
    if any(find_spec(name) is None for name in _NEEDED):
        raise ExtraMissing("the web server is not installed", next_step="run: pip install 'kbfix[web]'")
    from kb.serve.web.server import serve

    def ready(address: str, notices: list[str]) -> None:
        for notice in notices:
            session.tell(notice)
        session.tell(f"serving {session.home} at {address}; Ctrl-C ends it")

    serve(session.home, session.engine, host, port, ready)
