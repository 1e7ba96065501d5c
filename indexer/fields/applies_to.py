"""What an article applies to: the entries as written, the environments among them, products with their versions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from indexer.fields.versions import parse_versions
from kb.models import AppliesTo

ENTRY: Final = re.compile(r"([ \t]*)[-*\u2022\xb7][ \t]+(\S[^\n]*)")
LEADS_CHILDREN: Final = re.compile(r",?\s?\b(used with|included with|on platform\(s\)|as they apply to):?$")
LEADING_ENDS: Final = (":", "with", "platform(s)", "apply to")
# `included with` lists products that hold the parent; the other two say where it runs.
ENVIRONMENT_PARENTS: Final = frozenset({"used with", "on platform(s)"})
ENVIRONMENT: Final = re.compile(r"the (?:operating system|hardware):\s*", re.IGNORECASE)
PLACEHOLDER: Final = "Please do not choose this product"
VERSION_WORD: Final = re.compile(r",? versions? ", re.IGNORECASE)
NUMBER_IN_NAME: Final = re.compile(r"(?<![\w-])(\d{2,4}|\d{1,2}\.\d[\w.]*)(?![\w-])(?! ?-bit)")
EDITION_YEAR: Final = re.compile(r",?\s*(\d{4}) edition\b", re.IGNORECASE)
SERVICE_PACK: Final = re.compile(r",?\s*\b(?:SP|Service Pack) ?(\d+\w?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of an applies-to list, in order and as written; `environments` and `placeholders` are among them."""

    products: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    applies_to: tuple[AppliesTo, ...] = ()


def read_entries(lines: Sequence[str]) -> Entries:
    """Read a bulleted list; an entry indented deeper belongs to the one above it and is an entry of its own."""
    return _read(tuple(lines))


# Four of five articles have the list of one that was read before.
@lru_cache(maxsize=4096)
def _read(lines: tuple[str, ...]) -> Entries:
    products: list[str] = []
    environments: list[str] = []
    applies_to: list[AppliesTo] = []
    parents: list[tuple[int, str | None]] = []
    for line in lines:
        m = ENTRY.match(line)
        if not m:
            continue
        indent, text = len(m[1].expandtabs()), " ".join(m[2].split())
        while parents and parents[-1][0] >= indent:
            parents.pop()
        leads = LEADS_CHILDREN.search(text) if text.endswith(LEADING_ENDS) else None
        products.append(text)
        above = parents[-1][1] if parents else None
        parents.append((indent, leads[1] if leads else None))
        if above in ENVIRONMENT_PARENTS or ENVIRONMENT.match(text):
            environments.append(text)
        elif PLACEHOLDER not in text:
            applies_to.append(product_versions(text))
    placeholders = tuple(p for p in products if PLACEHOLDER in p)
    return Entries(tuple(products), tuple(environments), placeholders, tuple(dict.fromkeys(applies_to)))


# Thousands of articles share the same few hundred entries.
@lru_cache(maxsize=4096)
def product_versions(text: str) -> AppliesTo:
    """Cut an entry into product and versions: `Name[, Edition] [for Platform][,] version(s) v, v SPn, v`.

    Numbers in the name itself (Word 97, SQL Server 7.0) are versions too and stay in the name.
    """
    name = LEADS_CHILDREN.sub("", text).rstrip(" ,:.")
    m = VERSION_WORD.search(name)
    if m:
        listed = parse_versions(name[m.end() :])
        product = name[: m.start()].strip(" ,").removesuffix(" -")
        if listed.rest:
            product = f"{product} {listed.rest}"
        return AppliesTo(product, listed.first, listed.last, listed.versions, listed.service_pack)
    pack = SERVICE_PACK.search(name)
    service_pack = f"SP{pack[1]}" if pack else None
    plain = SERVICE_PACK.sub("", name).strip(" ,") if pack else name
    if plain.startswith("MSPRESS"):
        # A book: the numbers in its title are those of its subject and of its ISBN.
        return AppliesTo(plain, service_pack=service_pack)
    year = EDITION_YEAR.search(plain)
    if year:
        return AppliesTo(EDITION_YEAR.sub("", plain).strip(" ,"), year[1], year[1], (year[1],), service_pack)
    numbers = tuple(dict.fromkeys(NUMBER_IN_NAME.findall(plain)))
    # More than one number (Outlook 98 for Windows 95) is no range; the first is the product's own.
    own = numbers[:1]
    return AppliesTo(plain, own[0] if own else None, own[0] if own else None, own, service_pack)
