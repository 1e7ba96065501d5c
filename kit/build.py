"""Build the kit for closed networks: kbfix, the wheels that it needs on each platform, and what installs them.

Run by `make kit`, in an environment with pip and uv. For every platform and version of Python, uv resolves what kbfix
and its extras need there (markers and wheels of that platform, not of this one), pip fetches exactly these wheels, and
uv then resolves again from the kit's own folder without an index, which proves that nothing is missing.
"""

import argparse
import hashlib
import platform
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
BUILT = REPOSITORY / "build" / "kit"
PYTHONS = ("3.11", "3.12", "3.13")
NOT_CARRIED = ("dev", "semantic")
"""Extras that a kit does without: one is for developers, the other is large (--semantic carries it)."""
CARRIED_TOO = ("README.md", "CHANGELOG.md", "LICENSE", "docs", "corpus")
_MANYLINUX = ("_2_28", "_2_27", "_2_26", "_2_24", "_2_17", "2014", "_2_12", "2010", "_2_5", "1")
_MODE = 0o755 << 16


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform: as uv calls it, the tags of wheels that run there, and the versions of Python that are usual."""

    uv: str
    tags: tuple[str, ...]
    pythons: tuple[str, ...]


# On Linux one has the Python of the system; elsewhere one installs it, and can as well carry the version that fits.
PLATFORMS = {
    "linux-x86_64": Platform("x86_64-manylinux_2_28", tuple(f"manylinux{each}_x86_64" for each in _MANYLINUX), PYTHONS),
    "linux-arm64": Platform(
        "aarch64-manylinux_2_28", tuple(f"manylinux{each}_aarch64" for each in _MANYLINUX[:6]), PYTHONS
    ),
    "windows-x86_64": Platform("x86_64-pc-windows-msvc", ("win_amd64",), PYTHONS[-1:]),
    "macos-arm64": Platform("aarch64-apple-darwin", ("macosx_13_0_arm64",), PYTHONS[-1:]),
    "macos-x86_64": Platform("x86_64-apple-darwin", ("macosx_13_0_x86_64",), PYTHONS[-1:]),
}


def main() -> int:
    """Build the archive and print its path and size."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--platform", action="append", choices=PLATFORMS, help="only this one; repeatable")
    arguments.add_argument("--python", action="append", choices=PYTHONS, help="this one everywhere; repeatable")
    arguments.add_argument("--here", action="store_true", help="only what this machine and its Python need")
    arguments.add_argument("--semantic", action="store_true", help="carry the sentence model too (kbfix[semantic])")
    options = arguments.parse_args()
    if options.here:
        options.platform, options.python = [this_platform()], [f"{sys.version_info[0]}.{sys.version_info[1]}"]
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [
        name
        for name in project["optional-dependencies"]
        if name not in NOT_CARRIED or (name == "semantic" and options.semantic)
    ]
    kit = f"kbfix-kit-{project['version']}"
    shutil.rmtree(BUILT, ignore_errors=True)
    folder = BUILT / kit
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    run("pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), str(REPOSITORY))
    run("pip", "download", "--quiet", "--no-deps", "--dest", str(wheels), "pip")
    (wheel,) = wheels.glob("kbfix-*.whl")
    wanted = f"kbfix[{','.join(extras)}]=={project['version']}"
    carried = []
    for name in options.platform or PLATFORMS:
        chosen = PLATFORMS[name]
        for python in options.python or chosen.pythons:
            pinned = resolved(f"kbfix[{','.join(extras)}] @ {wheel.as_uri()}", chosen, python)
            fetch(pinned, chosen, python, wheels)
            # From the kit alone: fails where a wheel is missing.
            again = resolved(wanted, chosen, python, ("--no-index", "--find-links", str(wheels)))
            assert again == pinned, (name, python, set(pinned) ^ set(again))
            carried.append(f"{name}, Python {python}: {len(again)} packages")
            print(carried[-1], flush=True)
    (folder / "platforms.txt").write_text("\n".join([*carried, ""]), "utf-8", newline="\n")
    write_scripts(folder, wanted)
    write_sums(folder)
    archive = REPOSITORY / "dist" / f"{kit}.zip"
    pack(folder, archive)
    print(f"{archive.relative_to(REPOSITORY)}: {archive.stat().st_size / 1e6:,.0f} MB")
    return 0


def this_platform() -> str:
    """Return the name of the platform that this machine is."""
    systems = {"Linux": "linux", "Windows": "windows", "Darwin": "macos"}
    machines = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
    name = f"{systems.get(platform.system())}-{machines.get(platform.machine())}"
    if name not in PLATFORMS:
        sys.exit(f"there is no kit for this machine ({platform.system()} {platform.machine()}); name a --platform")
    return name


def resolved(wanted: str, target: Platform, python: str, more: Sequence[str] = ()) -> list[str]:
    """Return the packages that a requirement needs on a platform, each pinned, without kbfix itself."""
    done = subprocess.run(
        [
            "uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--only-binary", ":all:",
            "--python-platform", target.uv, "--python-version", python, *more, "-",
        ],
        input=wanted, stdout=subprocess.PIPE, text=True, check=True, cwd=BUILT,
    )  # fmt: skip
    return [line for line in done.stdout.splitlines() if line.strip() and not line.startswith("kbfix")]


def fetch(pinned: Sequence[str], target: Platform, python: str, wheels: Path) -> None:
    """Fetch the wheels of pinned packages for a platform and version of Python."""
    tags = [word for tag in target.tags for word in ("--platform", tag)]
    run(
        "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--implementation", "cp",
        "--python-version", python, *tags, "--dest", str(wheels), *pinned,
    )  # fmt: skip


def run(module: str, *arguments: str) -> None:
    """Run a module of this Python; its errors end the build."""
    subprocess.run([sys.executable, "-m", module, *arguments], check=True)


def write_scripts(folder: Path, wanted: str) -> None:
    """Write what is to be installed, how, and what is carried besides."""
    (folder / "requirements.txt").write_text(f"{wanted}\n", "utf-8", newline="\n")
    for name in ("README.txt", "install.sh", "install.ps1"):
        shutil.copy(Path(__file__).parent / name, folder / name)
    for name in CARRIED_TOO:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
        else:
            shutil.copy(source, folder / name)


def write_sums(folder: Path) -> None:
    """Write the SHA-256 of every file, as `sha256sum -c` reads them."""
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n" for name, path in files_in(folder)]
    (folder / "SHA256SUMS").write_text("".join(lines), "utf-8", newline="\n")


def pack(folder: Path, archive: Path) -> None:
    """Pack the kit, and write the SHA-256 of the archive beside it."""
    archive.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(archive, "w") as packed:
        for name, path in files_in(folder):
            info = zipfile.ZipInfo.from_file(path, f"{folder.name}/{name}")
            # Wheels are packed already.
            info.compress_type = zipfile.ZIP_STORED if path.suffix == ".whl" else zipfile.ZIP_DEFLATED
            if path.suffix == ".sh":
                info.external_attr |= _MODE
            packed.writestr(info, path.read_bytes())
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    archive.with_name(f"{archive.name}.sha256").write_text(f"{digest}  {archive.name}\n", "utf-8", newline="\n")


def files_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the name within the kit and the path of every file, sorted."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


if __name__ == "__main__":
    sys.exit(main())
