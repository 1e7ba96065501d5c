"""Bytes to text: find the encoding, drop what is no text, and say what was guessed."""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from indexer.diagnostics import diagnostic
from kb.models import Diagnostic

# The first bytes of the kinds of files that turn up among articles under a text file's name.
SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"MZ\x90", "a program"),
    (b"%PDF-", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"MSCF\x00", "a cabinet archive"),
    (b"{\\rtf", "a Rich Text document"),
)
STARTS: Final = tuple(signature for signature, _ in SIGNATURES)
# Control characters as zero bytes, all others as spaces; so they are counted fast.
CONTROLS: Final = bytes(0 if (c < 32 and c not in b"\t\n\r") or c == 0x7F else 32 for c in range(256))
# Text has next to none of them; 2% is far above the worst article (0.1%) and far below any program or picture.
MOST_CONTROLS = 0.02
SAMPLE = 65536
# Where CP1252 is undefined, text of that time came from MS-DOS: code page 850 is what its writers saw.
CP1252_OR_850: Final = "".join(bytes([b]).decode("cp1252", "ignore") or bytes([b]).decode("cp850") for b in range(256))
# Encodings that pages name in their head, and what reads them; of double-byte ones the widest of each family.
NAMED: Final[dict[str, str]] = {
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "euc-jp": "euc_jp",
    "x-euc-jp": "euc_jp", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "cp950",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "windows-874": "cp874", "tis-620": "cp874", "koi8-r": "koi8_r",
    "windows-1250": "cp1250", "windows-1251": "cp1251", "windows-1253": "cp1253", "windows-1254": "cp1254",
    "windows-1257": "cp1257", "iso-8859-2": "iso8859_2", "iso-8859-5": "iso8859_5", "iso-8859-7": "iso8859_7",
    "iso-8859-9": "iso8859_9", "iso-8859-15": "iso8859_15", "windows-1252": "cp1252", "iso-8859-1": "cp1252",
}  # fmt: skip
CHARSET: Final = re.compile(rb"charset[ \t]{0,4}=[ \t]{0,4}[\"']?([\w-]{3,20})", re.IGNORECASE)
HEAD: Final = 4096
UNDEFINED: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# White space other than blanks, tabs and line ends, such as the wide one that begins Japanese paragraphs.
SPACES: Final = str.maketrans(dict.fromkeys("\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000", " ")) | dict.fromkeys(
    range(0x2000, 0x200B), " "
)
UNWANTED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe]")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """Text with lines ended by a line feed, the encoding it was read in, and what was guessed."""

    text: str
    encoding: str
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class NotText:
    """Bytes that hold no text, and why."""

    diagnostic: Diagnostic


def named_encoding(data: bytes) -> str | None:
    """Return the encoding that a page names in its head, as Python calls it; None for none, UTF-8 and unknown ones."""
    m = CHARSET.search(data, 0, HEAD)
    return NAMED.get(m[1].decode("ascii", "replace").lower()) if m else None


def decode(data: bytes, named: str | None = None) -> DecodedText | NotText:
    """Decode bytes of unknown encoding: by byte order mark, else UTF-8, else CP1252; or tell that they are not text.

    `named` is what the text itself says; it is believed where the bytes are no UTF-8.
    """
    if not data.strip():
        return NotText(diagnostic("empty-file"))
    if data.startswith(STARTS):
        kind = next(kind for signature, kind in SIGNATURES if data.startswith(signature))
        return NotText(diagnostic("not-text", kind))
    encoding = _wide_encoding(data)
    controls = data.translate(CONTROLS).count(0)
    if encoding is None and controls > MOST_CONTROLS * len(data) and controls > 1:
        return NotText(diagnostic("not-text", f"{controls} control characters in {len(data)} bytes"))
    text, encoding, notes = _to_text(data, encoding, named)
    text = text.replace("\r\n", "\n")
    if "\r" in text:
        text = text.replace("\r", "\n")
    if controls or encoding != "ascii":
        text = text.translate(SPACES)
        text, dropped = UNWANTED.subn("", text)
        if dropped > MOST_CONTROLS * (len(text) + dropped) and dropped > 1:
            return NotText(diagnostic("not-text", f"{dropped} control characters as {encoding}"))
        if dropped:
            notes = (*notes, diagnostic("control-characters", str(dropped)))
        if not text.strip():
            return NotText(diagnostic("empty-file"))
    return DecodedText(text, encoding, notes)


def _wide_encoding(data: bytes) -> str | None:
    """Name the UTF-16 or UTF-32 encoding that the byte order mark, or else the place of the zero bytes, tells."""
    for mark, name in (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return name
    if b"\0" not in data[:SAMPLE]:
        return None
    sample = data[:SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) * 0.4 and even < len(sample) * 0.02:
        return "utf-16-le"
    if even > len(sample) * 0.4 and odd < len(sample) * 0.02:
        return "utf-16-be"
    return None


def _to_text(data: bytes, wide: str | None, named: str | None) -> tuple[str, str, tuple[Diagnostic, ...]]:
    if wide is not None:
        notes = () if wide in ("utf-16", "utf-32") else (diagnostic("encoding-guessed", wide),)
        return data.decode(wide, "replace"), wide, notes
    if data.isascii():
        return data.decode("ascii"), "ascii", ()
    try:
        return data.decode("utf-8-sig"), "utf-8", ()
    except UnicodeDecodeError:
        pass
    if named is not None and named != "cp1252":
        return data.decode(named, "replace"), named, ()
    guesses = [diagnostic("encoding-guessed", "cp1252")] if named is None else []
    undefined = len(UNDEFINED.findall(data))
    if undefined:
        guesses.append(diagnostic("undefined-byte", str(undefined)))
    return codecs.charmap_decode(data, "strict", CP1252_OR_850)[0], "cp1252", tuple(guesses)
