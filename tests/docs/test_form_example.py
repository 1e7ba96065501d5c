"""The form that docs/forms.md shows is a whole one: put in beside the others, it reads the ticket shown above it."""

from types import ModuleType
from typing import Any

from indexer.forms import FORMS, claimants
from indexer.parse import parse_file
from kb.models import RawFile

from .markdown import REPOSITORY, blocks

PAGE = (REPOSITORY / "docs" / "forms.md").read_text("utf-8").partition("\n## Adding a form\n")[2]
TICKET = RawFile("tickets/CT-4711.txt", blocks(PAGE, "text")[0].text.encode("utf-8"))


def shown_form() -> Any:
    (code,) = blocks(PAGE, "python")
    module = ModuleType("contoso_ticket")
    exec(compile(code.text, "docs/forms.md", "exec"), module.__dict__)
    return module.__dict__["ContosoTicket"]()


def test_the_shown_form_reads_the_shown_ticket() -> None:
    result = parse_file(TICKET, forms=(*FORMS, shown_form()))
    assert (result.outcome, result.form) == ("parsed", "contoso-ticket")
    (article,) = result.articles
    assert (article.id, article.date) == ("local:ct-4711", "2003-05-12")
    assert article.products == ("Contoso Print Server 2.1", "Contoso Client 2.0")
    assert article.symptoms == "The driver of the new printer was installed on the server only."
    assert article.fix is not None
    assert [step.text for step in article.fix.steps] == ["Install the driver on the client.", "Print a test page."]
    assert [note.what for note in article.diagnostics if note.level != "note"] == []


def test_no_other_form_claims_the_shown_ticket() -> None:
    assert claimants(TICKET) == ()


def test_what_is_no_text_gives_no_article() -> None:
    assert shown_form().parse(RawFile("a", b"Ticket: CT-\x00\x01\x02\x03")) == ()
