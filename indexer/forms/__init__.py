"""The forms of archives that can be read. A new form is one module here and one line in FORMS."""

from typing import Final

from indexer.forms.base import Form
from indexer.forms.kb_page import KbPage
from indexer.forms.kb_text import KbText
from indexer.forms.labelled_page import LabelledPage
from indexer.forms.learn_markdown import LearnMarkdown
from indexer.forms.programmers_library import ProgrammersLibrary
from kb.models import RawFile

FORMS: Final[tuple[Form, ...]] = (KbText(), KbPage("html"), KbPage("markdown"), ProgrammersLibrary(), LearnMarkdown())
# Asked only about files that none of FORMS knows, since its question is wider than theirs.
GENERAL_FORMS: Final[tuple[Form, ...]] = (LabelledPage(),)


def claimants(
    raw: RawFile, forms: tuple[Form, ...] = FORMS, general: tuple[Form, ...] = GENERAL_FORMS
) -> tuple[Form, ...]:
    """Return the forms that recognise the file: none, the one that reads it, or (a fault of ours) several.

    A general form is among them only where no specific one is.
    """
    found = tuple(form for form in forms if form.recognises(raw))
    return found or tuple(form for form in general if form.recognises(raw))
