"""Have Python look for cyclic garbage seldom while articles flow through: they hold none, and looking costs a tenth."""

import gc
from typing import Final

_NEW_OBJECTS: Final = 100_000
"""Objects between two looks, in place of 700: a few dozen articles. Pages of HTML, as trees, do hold cycles."""


def collect_seldom() -> None:
    """Look for garbage seldom from now on, and never among what is there already."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
