"""`kbfix mcp`: the knowledge base as tools for AI agents."""

import os
import signal
import sys
from importlib.util import find_spec
from types import FrameType

import typer

from cli.session import session_of
from kb.errors import ExtraMissing

_NEEDED = ("mcp", "mcp_types")
_INTERRUPTED = 130


def command(context: typer.Context) -> None:
    """Serve AI agents over stdin and stdout, by the Model Context Protocol.

    A client starts this command itself; docs/mcp.md has what to write into its configuration. It ends when the client
    closes stdin. Needs the extra kbfix[mcp].

    Example:
      kbfix mcp
    """
    session = session_of(context)
    if any(find_spec(name) is None for name in _NEEDED):
        raise ExtraMissing("the MCP server is not installed", next_step="run: pip install 'kbfix[mcp]'")
    # Half a second of start-up, for this command alone.
    from kb.serve.mcp_server import serve

    signal.signal(signal.SIGINT, _end)
    serve(session.home, session.engine)


def _end(_number: int, _frame: FrameType | None) -> None:
    """End at once: a thread waits for stdin, and would keep the process until the next line comes. Nothing is lost."""
    print("kbfix: interrupted", file=sys.stderr, flush=True)
    os._exit(_INTERRUPTED)
