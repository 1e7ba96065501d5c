"""An agent for tests: the MCP SDK's own client, talking to `kbfix mcp` over real pipes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from kb.serve.agents.budget import tokens
from tests.command import Command

pytest.importorskip("mcp", reason="needs the extra: pip install 'kbfix[mcp]'")

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult, TextContent


class Agent:
    """A client of one server, with plain calls for its asynchronous ones."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self._portal = portal
        self.client = client

    def call(self, tool: str, /, **arguments: Any) -> CallToolResult:
        """Call a tool."""
        return self._portal.call(self.client.call_tool, tool, arguments)

    def record(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """Call a tool and return the record that it gives, asserting that it gives one."""
        result = self.call(tool, **arguments)
        assert not result.is_error, text_of(result)
        assert result.structured_content is not None
        return result.structured_content

    def error(self, tool: str, /, **arguments: Any) -> str:
        """Call a tool and return the words of its error, asserting that it is one."""
        result = self.call(tool, **arguments)
        assert result.is_error, text_of(result)
        return text_of(result)

    def tools(self) -> dict[str, Any]:
        """Return the tools by name."""
        return {tool.name: tool for tool in self._portal.call(self.client.list_tools).tools}

    def templates(self) -> list[str]:
        """Return the addresses that resources have."""
        found = self._portal.call(self.client.list_resource_templates)
        return [each.uri_template for each in found.resource_templates]

    def resource(self, address: str) -> str:
        """Return the text of a resource."""
        (content,) = self._portal.call(self.client.read_resource, address).contents
        return str(content.text)


@contextmanager
def agent_of(command: Command, arguments: Sequence[str] = ("mcp",), mode: str = "auto") -> Iterator[Agent]:
    """Start `kbfix mcp` as a client does, and give the agent that talks to it."""
    parameters = StdioServerParameters(
        command=command.executable[0],
        args=[*command.executable[1:], *arguments],
        env=command.environment(),
        cwd=command.folder,
    )
    with start_blocking_portal() as portal:
        client = Client(parameters, mode=mode)
        with portal.wrap_async_context_manager(client):
            yield Agent(portal, client)


def text_of(result: CallToolResult) -> str:
    """Return the text of a reply."""
    return "\n".join(each.text for each in result.content if isinstance(each, TextContent))


def tokens_of(result: CallToolResult) -> int:
    """Return the tokens of a whole reply, record and text."""
    record: Mapping[str, Any] | None = result.structured_content
    return (tokens(json.dumps(record, ensure_ascii=False)) if record is not None else 0) + tokens(text_of(result))
