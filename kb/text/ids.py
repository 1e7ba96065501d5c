"""Article ids in any spelling that a person, a link or a program may use."""

import re

_MICROSOFT = re.compile(r"(?:q|kb|jp|ms-?kb)?[\s:#-]*0*([1-9]\d{3,6})", re.IGNORECASE)
_SPLIT_PATH = re.compile(r"(?:^|/)q(\d{2,4})/(\d)/(\d\d)(?:\.\w+)?/?$", re.IGNORECASE)
_LOCALE_PATH = re.compile(r"(?:^|/)[a-z]{2}-[a-z]{2}/(\d{1,4})/(\d{1,3})\.html?$", re.IGNORECASE)
_PARAMETER = re.compile(
    r"[?&;](?:kbid|scid|id|article)=(?:kb;)?(?:[a-z]{2}(?:-[a-z]{2})?;)?q?0*([1-9]\d{3,6})", re.IGNORECASE
)
_SCID = re.compile(r"(?:^|=)kb;(?:[a-z]{2}(?:-[a-z]{2})?;)?q?0*([1-9]\d{3,6})", re.IGNORECASE)
_LAST_OF_PATH = re.compile(
    r"/(?:kb/|articles/|q|kb)*q?0*([1-9]\d{3,6})(?:\.\w+)?(?:/[a-z]{2}(?:-[a-z]{2})?)?/?(?:[?#].*)?$", re.IGNORECASE
)
_FILE = re.compile(r"q?0*([1-9]\d{3,6})\.(?:txt|html?|asp|md)", re.IGNORECASE)
_LOWEST = 1000
"""No article has a shorter number; what looks like one is a count or a date."""
_OWN = re.compile(r"[a-z0-9][a-z0-9_-]*:[^\s:]+")


def microsoft_id(number: str) -> str:
    """Return the id that articles of the Microsoft KB have in every form: `Q` and the number without leading zeros."""
    return f"Q{int(number)}"


def article_id(text: str) -> str | None:
    """Return the id that `text` names, or None when it names none.

    Understood are `Q164175`, `KB164175`, `164175`, `q 164175`, dead support addresses
    (`support.microsoft.com/kb/164175`, `.../kb/articles/Q164/1/75.asp`, `?kbid=164175`, `?scid=kb;en-us;Q164175`),
    file names of mirrors, and ids of other collections (`contoso:printer-offline`).
    """
    text = text.strip().strip("<>\"'[]().,")
    whole = _MICROSOFT.fullmatch(text) or _FILE.fullmatch(text)
    if whole:
        return microsoft_id(whole[1])
    if _OWN.fullmatch(text) and not text.lower().startswith(("http:", "https:", "kb:")):
        return text
    text = text.removeprefix("kb://")
    whole = _MICROSOFT.fullmatch(text)
    if whole:
        return microsoft_id(whole[1])
    for pattern in (_SPLIT_PATH, _LOCALE_PATH):
        split = pattern.search(text)
        if split and int("".join(split.groups())) >= _LOWEST:
            return microsoft_id("".join(split.groups()))
    for pattern in (_PARAMETER, _SCID, _LAST_OF_PATH):
        found = pattern.search(text)
        if found:
            return microsoft_id(found[1])
    return None
