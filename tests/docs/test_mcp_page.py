"""docs/mcp.md: its configuration starts a server, and its table names the tools with their parameters."""

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.agent import Agent, agent_of
from tests.command import Command, installed_command

from .markdown import REPOSITORY, blocks

PAGE = (REPOSITORY / "docs" / "mcp.md").read_text("utf-8")
_ROW = re.compile(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", re.MULTILINE)
_PARAMETER = re.compile(r"`(\w+)`(?: \((\d+)\))?")
FILTERS = {"product", "version", "since", "until", "kind", "collection"}


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory, tantivy_home: Path):
    """Return an agent that started its server by the page's configuration, with a home that exists."""
    (block,) = blocks(PAGE, "json")
    entry = json.loads(block.text)["mcpServers"]["kbfix"]
    arguments = [str(tantivy_home) if each == "/srv/kb" else each for each in entry["args"]]
    assert str(tantivy_home) in arguments
    path = os.pathsep.join([str(installed_command().parent), os.environ.get("PATH", "")])
    command = Command(tmp_path_factory.mktemp("client"), variables={"PATH": path})
    with agent_of(replace(command, executable=(entry["command"],)), arguments) as made:
        yield made


def test_the_configuration_starts_a_server(agent: Agent) -> None:
    assert agent.record("get_answer", query="tracking finds no trace of mail sent to the internet")["best"]


def test_the_table_names_every_tool_with_its_parameters_and_defaults(agent: Agent) -> None:
    rows = {name: dict(_PARAMETER.findall(taken)) for name, taken, _ in _ROW.findall(PAGE) if "max_tokens" in taken}
    tools = agent.tools()
    assert set(rows) == set(tools)
    for name, shown in rows.items():
        parameters = tools[name].input_schema["properties"]
        assert set(shown) == set(parameters) - FILTERS
        assert (set(parameters) >= FILTERS) == ("filters" in PAGE.split(f"| `{name}` |")[1].split("|")[0])
        for parameter, default in shown.items():
            if default:
                assert parameters[parameter]["default"] == int(default), (name, parameter)


def test_the_example_of_a_cut_is_one(agent: Agent) -> None:
    (call,) = re.findall(r"`(read_article\(id=[^`]*)`", PAGE)
    assert f"{agent.record('read_article', id='Q102873', max_tokens=1500)['cut']}".startswith(f"2 cut: {call} goes on")
