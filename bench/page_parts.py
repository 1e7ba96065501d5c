"""Put what a bench printed into docs/performance.md, between two comments that name the part."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


def put(part: str, text: str, page: Path = PAGE) -> None:
    """Replace a part of the page by `text`; ValueError where the page has no such part."""
    written = page.read_text("utf-8")
    between = re.compile(rf"(<!-- {re.escape(part)} -->\n).*?(<!-- end of {re.escape(part)} -->)", re.DOTALL)
    changed, found = between.subn(lambda m: f"{m[1]}\n{text.strip()}\n\n{m[2]}", written)
    if not found:
        raise ValueError(f"{page} has no part <!-- {part} -->")
    page.write_text(changed, "utf-8")
