"""`kbfix serve`: the knowledge base as a web page and an HTTP API, for this machine alone."""

from importlib.util import find_spec
from typing import Annotated

import typer

from cli.session import session_of
from kb.errors import BadInput

_NEEDED = ("starlette", "uvicorn", "jinja2")


def command(
    context: typer.Context,
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="The port; 0 takes a free one.")] = 8164,
    host: Annotated[
        str, typer.Option(metavar="NAME", help="127.0.0.1, localhost or ::1: an address of this machine alone.")
    ] = "127.0.0.1",
) -> None:
    """Serve a web page to search and read, and an HTTP API, on this machine.

    Nothing else can reach it, and nothing it offers changes the knowledge base. It ends with Ctrl-C.

    Example:
      kbfix serve --port 8164
    """
    session = session_of(context)
    lacking = [name for name in _NEEDED if find_spec(name) is None]
    if lacking:
        raise BadInput(
            f"what serves pages is not installed: {', '.join(lacking)}", next_step="run: pip install 'kbfix[web]'"
        )
    from kb.serve.web.server import serve

    def ready(address: str, notices: list[str]) -> None:
        for notice in notices:
            session.tell(notice)
        session.tell(f"serving {session.home} at {address}; Ctrl-C ends it")

    serve(session.home, session.engine, host, port, ready)
