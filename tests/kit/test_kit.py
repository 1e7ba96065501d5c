"""The kit for closed networks: whole, and installed and used in a network namespace with nothing in it.

Needs a kit that is built: `make kit`, then `make kit-test`. A plain test run skips all of this.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

KIT = os.environ.get("KBFIX_KIT", "")
pytestmark = pytest.mark.skipif(not KIT, reason="needs a built kit: make kit, then make kit-test")

SYMPTOM = "tracking finds no trace of mail sent to the internet"
HELLO = (
    {
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
    },
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine without a network, nor anything of this user's: commands run in an empty network namespace."""

    home: Path
    variables: dict[str, str] = field(default_factory=dict)

    def start(self, *command: str | Path) -> "subprocess.Popen[str]":
        """Start a command, its pipes open."""
        enter: Sequence[str] = ("unshare", "-n") if os.geteuid() == 0 else ("unshare", "-r", "-n")
        return subprocess.Popen(
            [*enter, *map(str, command)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.home,
            env={"HOME": str(self.home), "PATH": "/usr/bin:/bin", **self.variables},
        )  # fmt: skip

    def run(self, *command: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        with self.start(*command) as started:
            written, said = started.communicate(timeout=600)
        return subprocess.CompletedProcess(command, started.returncode, written, said)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Return such a machine, asserting that it reaches nothing."""
    if shutil.which("unshare") is None:
        pytest.skip("needs Linux with unshare")
    made = Machine(tmp_path_factory.mktemp("machine"), {"PYTHON": sys.executable})
    if made.run("true").returncode:
        pytest.skip("network namespaces cannot be made here")
    interfaces = made.run(sys.executable, "-c", "import socket; print([name for _, name in socket.if_nameindex()])")
    assert interfaces.stdout.strip() == "['lo']"
    tried = made.run(sys.executable, "-c", "import socket; socket.create_connection(('127.0.0.1', 1), 2)")
    assert "Network is unreachable" in tried.stderr or "refused" in tried.stderr
    return made


@pytest.fixture(scope="module")
def kit(machine: Machine) -> Path:
    """Return the folder of the kit, unpacked on the machine."""
    with zipfile.ZipFile(KIT) as archive:
        archive.extractall(machine.home)
    (folder,) = machine.home.glob("kbfix-kit-*")
    return folder


@pytest.fixture(scope="module")
def kbfix(machine: Machine, kit: Path) -> Path:
    """Return the command as the kit's script installed it."""
    ran = machine.run("sh", kit / "install.sh")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("kbfix ")
    return machine.home / "kbfix" / "bin" / "kbfix"


def test_the_archive_is_what_its_checksum_says() -> None:
    digest, name = Path(f"{KIT}.sha256").read_text("utf-8").split()
    assert name == Path(KIT).name
    assert hashlib.sha256(Path(KIT).read_bytes()).hexdigest() == digest


def test_every_file_is_listed_with_its_checksum(kit: Path) -> None:
    listed = {}
    for line in (kit / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, name = line.split("  ", 1)
        listed[name] = digest
    files = {path.relative_to(kit).as_posix() for path in kit.rglob("*") if path.is_file()}
    assert files == {*listed, "SHA256SUMS"}
    for name, digest in listed.items():
        assert hashlib.sha256((kit / name).read_bytes()).hexdigest() == digest, name


def test_it_answers_a_symptom_where_no_network_is(machine: Machine, kit: Path, kbfix: Path) -> None:
    imported = machine.run(kbfix, "import", kit / "corpus", "--json")
    assert imported.returncode == 0, imported.stderr
    assert json.loads(imported.stdout)["added"] == 62
    answered = machine.run(kbfix, "answer", SYMPTOM, "--json")
    assert answered.returncode == 0, answered.stderr
    assert json.loads(answered.stdout)["best"]["id"] == "Q164175"
    assert machine.run(kbfix, "search", "--engine", "tantivy", SYMPTOM).returncode == 0
    assert "installation: kbfix" in machine.run(kbfix, "doctor").stdout


def test_the_extras_are_installed_too(machine: Machine, kit: Path, kbfix: Path) -> None:
    machine.run(kbfix, "import", kit / "corpus")
    call = {"name": "get_answer", "arguments": {"query": SYMPTOM}}
    with machine.start(kbfix, "mcp") as server:
        assert server.stdin is not None
        assert server.stdout is not None
        for message in (*HELLO, {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call}):
            print(json.dumps(message), file=server.stdin, flush=True)
        assert json.loads(server.stdout.readline())["id"] == 1
        answered = json.loads(server.stdout.readline())
    assert answered["result"]["structuredContent"]["best"]["id"] == "Q164175"
    assert server.returncode == 0


def test_a_damaged_file_is_found_before_anything_is_installed(machine: Machine, kit: Path) -> None:
    wheel = next((kit / "wheels").glob("rich-*.whl"))
    sound = wheel.read_bytes()
    wheel.write_bytes(sound[:-1] + b"?")
    try:
        ran = machine.run("sh", kit / "install.sh", machine.home / "elsewhere")
    finally:
        wheel.write_bytes(sound)
    assert ran.returncode == 2
    assert f"wheels/{wheel.name}" in ran.stderr
    assert "  next: copy the kit again" in ran.stderr
    assert not (machine.home / "elsewhere").exists()


def test_without_a_python_that_fits_two_lines_say_so(kit: Path, machine: Machine) -> None:
    ran = Machine(machine.home, {"PYTHON": "/bin/false"}).run("sh", kit / "install.sh", machine.home / "elsewhere")
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[0] == "install.sh: there is no Python 3.11, 3.12 or 3.13"
