"""Put load on `kbfix serve`: how long pages of results take, one after the other and with many clients at once.

The server is started for it, on a free port. What is asked are symptoms of the home's own articles, as many different
ones as are drawn. Prints times in ms, errors, and what the server's processes took of processors and memory (Linux).
"""

import argparse
import asyncio
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from kb.store.articles import Articles
from kb.store.home import open_home

_LONGEST = 300
_TIMING = b"server-timing: kbfix;dur="


@dataclass(slots=True)
class Measured:
    """What came of some requests: seconds as the client saw them, the server's own ms, how each one ended."""

    seconds: list[float] = field(default_factory=list)
    server_ms: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)


def symptoms(home: Path, number: int) -> list[str]:
    """Return the beginnings of the symptoms of some articles, drawn at random but always the same."""
    with Articles(open_home(home)) as articles:
        ids = random.Random(1).sample(sorted(articles.ids()), min(number * 2, articles.count()))
        found = [each.symptoms for each in articles.articles(ids).values() if each.symptoms]
    return [" ".join(text.split())[:_LONGEST] for text in found[:number]]


async def client(port: int, addresses: list[str], until: float, measured: Measured) -> None:
    """Ask for one page after the other on a connection kept open."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < until and addresses:
        address = addresses.pop()
        started = time.perf_counter()
        try:
            writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
            lower = head.lower()
            await reader.readexactly(int(lower.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            measured.outcomes[type(error).__name__] += 1
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            continue
        measured.seconds.append(time.perf_counter() - started)
        measured.outcomes[head.split(b" ", 2)[1].decode()] += 1
        if _TIMING in lower:
            measured.server_ms.append(float(lower.partition(_TIMING)[2].partition(b"\r\n")[0]))
    writer.close()


async def load(port: int, addresses: list[str], clients: int, seconds: float) -> Measured:
    """Let so many clients ask at once for so long."""
    measured = Measured()
    waiting = addresses * (1 + int(clients * seconds * 20 / len(addresses)))
    until = time.monotonic() + seconds
    await asyncio.gather(*(client(port, waiting, until, measured) for _ in range(clients)))
    return measured


def processes(server: int) -> list[Path]:
    """Return the folders in /proc of a server and its workers; none where there is no /proc."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if server in (int(folder.name), parent):
                found.append(folder)
    return found


def memory(server: int) -> float:
    """Return the MB that the processes of a server hold, each for itself."""
    total = 0
    for folder in processes(server):
        lines = (folder / "smaps_rollup").read_text().splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return total / 1024


def cpu_seconds(server: int) -> float:
    """Return the CPU seconds that the processes of a server have used."""
    ticks = 0
    for folder in processes(server):
        ticks += sum(map(int, (folder / "stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(name: str, server: int, asking: Coroutine[Any, Any, Measured]) -> None:
    """Run some load and print a line of what it took."""
    begun, used = time.monotonic(), cpu_seconds(server)
    measured = asyncio.run(asking)
    seconds, used = time.monotonic() - begun, cpu_seconds(server) - used
    times = sorted(each * 1000 for each in measured.seconds)
    good = measured.outcomes.pop("200", 0)

    def at(share: float) -> float:
        return times[min(len(times) - 1, int(share * len(times)))]

    print(
        f"{name}: {good:,} pages, {good / seconds:.1f} a second, errors: {dict(measured.outcomes) or 'none'}; "
        f"client ms median {at(0.5):.0f}, p95 {at(0.95):.0f}, p99 {at(0.99):.0f}, most {times[-1]:.0f}; "
        f"server ms median {statistics.median(measured.server_ms):.1f}; CPU ms a page {used / good * 1000:.1f}"
    )


def started(home: Path) -> tuple["subprocess.Popen[str]", int]:
    """Start the server; return its process and port."""
    command = [str(Path(sys.executable).with_name("kbfix")), "--home", str(home), "serve", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if "serving" in line:
            return process, int(line.partition("127.0.0.1:")[2].partition("/")[0])
    raise SystemExit(process.wait())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--queries", type=int, default=2000, help="how many different ones")
    arguments = parser.parse_args()
    addresses = [f"/?q={quote_plus(text)}" for text in symptoms(arguments.home, arguments.queries)]
    process, port = started(arguments.home)
    try:
        asyncio.run(load(port, addresses[:20], 4, 5))  # starts the workers
        measure("1 client", process.pid, load(port, addresses, 1, 15))
        before = memory(process.pid)
        name = f"{arguments.clients} clients"
        measure(name, process.pid, load(port, addresses, arguments.clients, arguments.seconds))
        print(f"memory of its processes: {before:.0f} MB before, {memory(process.pid):.0f} MB after")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        print(f"load of the machine: {', '.join(f'{each:.1f}' for each in os.getloadavg())}")


if __name__ == "__main__":
    main()
