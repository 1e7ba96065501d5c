"""English words that say nothing of a symptom."""

from typing import Final

_LIST: Final = """
    a about again all also am an and any are as at be been being but by can could did do does doing for from get
    gets got had has have having he her here him his how i if in into is it its ive just me my no nor not of on
    once only or other our out over she should so some such than that the their them then there these they this
    those through to too under up us very was we were what when where which while who whom why will with would
    you your yours please hello hi thanks thank dear regards anyone help
"""

STOP_WORDS: Final = frozenset(_LIST.split())
