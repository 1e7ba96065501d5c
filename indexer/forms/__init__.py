"""The forms of archives that can be read. A new form is one module here and one line in FORMS."""

from typing import Final

from indexer.forms.base import Form
from indexer.forms.kb_page import KbPage
from indexer.forms.kb_text import KbText
from indexer.forms.learn_markdown import LearnMarkdown
from indexer.forms.programmers_library import ProgrammersLibrary
from kb.models import RawFile

FORMS: Final[tuple[Form, ...]] = (KbText(), KbPage("html"), KbPage("markdown"), ProgrammersLibrary(), LearnMarkdown())


def claimants(raw: RawFile, forms: tuple[Form, ...] = FORMS) -> tuple[Form, ...]:
    """Return the forms that recognise the file: none, the one that reads it, or (a fault of ours) several."""
    return tuple(form for form in forms if form.recognises(raw))
