"""`kbfix mcp`: the knowledge base as tools for AI agents."""

from importlib.util import find_spec

import typer

from cli.session import session_of
from kb.errors import ExtraMissing

_NEEDED = ("mcp", "mcp_types")


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

    serve(session.home, session.engine)
