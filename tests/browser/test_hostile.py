"""What stands in an article, however hostile, is text in a real browser: nothing of it runs or is loaded."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests.command import Command
from tests.samples import article_file
from tests.serving import Server, needs_web, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_PARTS = (
    "<script>{0}</script>", "<img src=x onerror={0}>", "<svg onload={0}>", "<svg><script>{0}</script></svg>",
    "<body onload={0}>", "<iframe src=javascript:{0}></iframe>", '"><script>{0}</script>', "'><img src=x onerror={0}>",
    "</title><script>{0}</script>", "</textarea><script>{0}</script>", "</pre><script>{0}</script>",
    "<a href=javascript:{0}>x</a>", "<input autofocus onfocus={0}>", "<details open ontoggle={0}>",
    "<video><source onerror={0}></video>", "<math href=javascript:{0}>x</math>", "<!--><script>{0}</script>-->",
    "<style>@import 'http://evil.example/x.css'</style>", "<link rel=stylesheet href=http://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>", "<base href=http://evil.example/>",
    "<form action=http://evil.example/><button>x</button></form>", "<object data=javascript:{0}></object>",
    "{{{{ {0} }}}}", "<img src=http://evil.example/x.png>",
)  # fmt: skip
_CALLS = ("window.ran=1", "window.ran=1//", "eval('window.ran=1')", "(window.ran=1)")
PAYLOADS = [part.format(call) for part in _PARTS for call in _CALLS]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    needs_web()
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "empty").mkdir()
    kbfix = Command(folder / "empty", folder / "home")
    for number in range(0, len(PAYLOADS), 5):
        some = PAYLOADS[number : number + 5]
        name = f"Q{100_000 + number}"
        text = "\n\n".join([*some, *(f"1. {each}" for each in some), *(f"      code({each});" for each in some)])
        content = article_file(name, f"Printer {some[0]}", symptoms=text, resolution=text, product=some[1])
        (folder / f"{name}.TXT").write_bytes(content)
    assert kbfix("import", *sorted(folder.glob("*.TXT"))).code == 0
    with serving(kbfix, folder / "home") as server:
        yield server


def test_nothing_runs_and_nothing_is_loaded_from_elsewhere(browser: "Browser", hostile: Server) -> None:
    assert len(PAYLOADS) >= 100
    page = browser.new_page()
    elsewhere: list[str] = []
    dialogs: list[str] = []
    page.on("request", lambda request: request.url.startswith(hostile.address) or elsewhere.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    articles = [f"/Q{100_000 + number}" for number in range(0, len(PAYLOADS), 5)]
    searches = ["/?" + urlencode({"q": f"printer {text}"}) for text in PAYLOADS[::4]]
    for path in ["/", "/browse", "/browse/articles", "/about", *articles, *searches, f"{articles[0]}/original"]:
        page.goto(hostile.address + path)
        assert page.evaluate("window.ran") is None, path
        assert page.url.startswith(hostile.address)
    page.close()
    assert (elsewhere, dialogs) == ([], [])


def test_it_is_shown_as_it_stands(browser: "Browser", hostile: Server) -> None:
    page = browser.new_page()
    page.goto(f"{hostile.address}/Q100000")
    shown = page.locator("article").inner_text()
    page.close()
    for text in PAYLOADS[:5]:
        assert text in shown
