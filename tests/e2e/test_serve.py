"""`kbfix serve`: the API, the addresses, and who may ask. What a browser shows is in tests/browser/."""

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.command import Command
from tests.samples import article_file
from tests.serving import Reply, Server, needs_web, serving

SYMPTOM = "tracking finds no trace of mail sent to the internet"
LOG = "Event ID: 4319\r\nSource: NetBT\r\nA duplicate name has been detected.\r\n"


@pytest.fixture(autouse=True)
def _web() -> None:
    needs_web()


@pytest.fixture
def own_served(kbfix: Command, own_home: Path) -> Iterator[Server]:
    with serving(kbfix, own_home) as server:
        yield server


def form(**values: str) -> bytes:
    return urlencode(values).encode()


class TestApi:
    def test_search_is_what_the_command_prints(self, served: Server, kbfix: Command, tantivy_home: Path) -> None:
        path = "/api/v1/search?" + urlencode({"q": SYMPTOM, "product": "exchange", "limit": 3})
        printed = kbfix("search", SYMPTOM, "--product", "exchange", "-n", "3", "--json", home=tantivy_home).record
        assert {**served.ask(path).record, "took_ms": 0} == {**printed, "took_ms": 0}

    @pytest.mark.parametrize(
        ("path", "arguments"),
        [
            (f"answer?q={quote(SYMPTOM)}", ["answer", SYMPTOM]),
            ("answer?q=apples+and+pears", ["answer", "apples and pears"]),
            ("articles/Q194248", ["show", "Q194248"]),
            ("articles/KB194248", ["show", "Q194248"]),
            ("articles/Q194248/related?limit=3", ["related", "Q194248", "-n", "3"]),
            ("articles/Q194248/revisions", ["show", "Q194248", "--revisions"]),
            ("stats", ["stats"]),
        ],
    )
    def test_a_record_is_what_the_command_prints(
        self, path: str, arguments: list[str], served: Server, kbfix: Command, tantivy_home: Path
    ) -> None:
        assert served.ask(f"/api/v1/{path}").record == kbfix(*arguments, "--json", home=tantivy_home).record

    def test_a_body_asks_the_same_as_an_address(self, served: Server) -> None:
        body = json.dumps({"q": LOG, "limit": 2}).encode()
        posted = served.ask("/api/v1/search", "POST", {"Content-Type": "application/json"}, body).record
        asked = served.ask("/api/v1/search?" + urlencode({"q": LOG, "limit": 2})).record
        assert posted["hits"] == asked["hits"]
        assert len(posted["hits"]) == 2

    @pytest.mark.parametrize(
        ("path", "status", "words"),
        [
            ("search", 400, "no query"),
            ("search?q=a&limit=0", 400, "limit"),
            ("search?q=a&q=b", 400, "twice"),
            ("search?q=a&produkt=x", 400, "produkt"),
            ("search?q=a&kind=poem", 400, "poem"),
            ("search?q=a&since=yesterday", 400, "yesterday"),
            ("search?q=the", 422, "only words"),
            ("search?q=printer&product=nonsense", 422, "nonsense"),
            ("articles/Q999999", 404, "Q999999"),
            ("articles/nonsense", 404, "not an article id"),
            ("nothing", 404, "no such address"),
        ],
    )
    def test_an_error_is_a_problem_with_the_next_step(self, path: str, status: int, words: str, served: Server) -> None:
        reply = served.ask(f"/api/v1/{path}")
        assert reply.status == status
        assert reply.headers["content-type"] == "application/problem+json"
        problem = reply.record
        assert (problem["type"], problem["status"]) == ("about:blank", status)
        assert words in problem["detail"]
        assert problem["next_step"]

    @pytest.mark.parametrize(
        ("media", "body", "status"),
        [
            ("text/plain", b'{"q": "a"}', 415),
            ("application/json", b"{", 400),
            ("application/json", b"[" * 100_000, 400),
            ("application/json", b'["q"]', 400),
            ("application/json", b'{"q": 1}', 400),
            ("application/json", b'{"q": "a", "limit": true}', 400),
            ("application/json", b'{"q": "\xff"}', 400),
        ],
    )
    def test_a_body_that_asks_nothing_is_refused(self, media: str, body: bytes, status: int, served: Server) -> None:
        reply = served.ask("/api/v1/search", "POST", {"Content-Type": media}, body)
        assert (reply.status, reply.record["status"]) == (status, status)

    def test_the_description_names_every_address(self, served: Server) -> None:
        described = served.ask("/api/v1/openapi.json").record
        assert described["openapi"].startswith("3.1")
        for path in described["paths"]:
            query = "?q=printer" if path.endswith(("search", "answer")) else ""
            assert served.ask(path.replace("{id}", "Q194248") + query).status == 200

    def test_one_filter_is_for_the_kind_of_fix(self, served: Server) -> None:
        found = served.ask("/api/v1/search?q=printer&fix_kind=workaround").record["hits"]
        assert found
        assert {hit["fix_kind"] for hit in found} == {"workaround"}


class TestCaching:
    def test_what_did_not_change_is_not_sent_again(self, served: Server) -> None:
        for path in ("/", "/Q194248", "/api/v1/articles/Q194248", "/api/v1/search?q=printer"):
            first = served.ask(path)
            assert first.headers["cache-control"] == "private, no-cache"
            again = served.ask(path, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
            assert (again.status, again.body) == (304, b"")
            assert again.headers["etag"] == first.headers["etag"]

    def test_another_address_has_another_tag(self, served: Server) -> None:
        tags = {served.ask(f"/api/v1/search?q=printer&limit={n}").headers["etag"] for n in (1, 2, 3)}
        assert len(tags) == 3

    def test_every_reply_names_the_version_and_the_index(self, served: Server) -> None:
        replies = [served.ask(path) for path in ("/", "/api/v1/stats", "/Q194248", "/api/v1/articles/Q999999")]
        assert len({reply.headers["kbfix-version"] for reply in replies}) == 1
        assert len({reply.headers["kbfix-index"] for reply in replies[:3]}) == 1

    def test_head_gives_the_headers_of_get(self, served: Server) -> None:
        for path in ("/", "/Q194248", "/api/v1/stats"):
            head, get = served.ask(path, "HEAD"), served.ask(path)
            assert (head.status, head.body) == (200, b"")
            assert head.headers["etag"] == get.headers["etag"]
            assert head.headers["content-length"] == str(len(get.body))

    def test_a_static_file_may_be_kept_since_its_address_changes_with_it(self, served: Server) -> None:
        page = served.ask("/").text
        address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert "immutable" in served.ask(address).headers["cache-control"]


class TestAddresses:
    @pytest.mark.parametrize(
        "old",
        [
            "/default.aspx?scid=kb;en-us;Q194248",
            "/default.aspx?scid=kb%3Ben-us%3B194248",
            "/kb/194248",
            "/kb/194248/en-us",
            "/?kbid=194248",
            "/?scid=kb;en-us;194248",
            "/support/kb/articles/Q194/2/48.asp",
            "/support/kb/articles/q194/2/48.asp",
            "/KB194248",
            "/q194248",
            "/194248",
            "/Q194248/",
        ],
    )
    def test_an_old_address_leads_to_the_article(self, old: str, served: Server) -> None:
        reply = served.ask(old)
        if reply.status != 200:
            assert (reply.status, reply.headers["location"]) == (302, "/Q194248")

    def test_an_article_that_is_not_here_is_named_with_those_that_refer_to_it(self, served: Server) -> None:
        missing = next(
            reference["id"]
            for path in ("Q164175", "Q194248", "Q116404")
            for reference in served.ask(f"/api/v1/articles/{path}").record["cross_references"]
            if reference["title"] is None
        )
        reply = served.ask(f"/{missing}")
        assert reply.status == 404
        assert f"{missing} is not in this archive" in reply.text

    def test_a_form_leads_to_an_address_that_can_be_kept(self, served: Server) -> None:
        reply = served.ask("/", "POST", body=form(q=LOG, product="", kind="fix"))
        assert reply.status == 303
        assert reply.headers["location"] == "/?" + urlencode({"q": LOG.replace("\r\n", "\n").strip(), "kind": "fix"})

    def test_an_id_in_the_box_leads_to_the_article(self, served: Server) -> None:
        for typed in ("Q194248", "kb 194248", "http://support.microsoft.com/default.aspx?scid=kb;en-us;194248"):
            assert served.ask("/", "POST", body=form(q=typed)).headers["location"] == "/Q194248"

    def test_a_text_too_long_for_an_address_is_answered_at_once(self, served: Server) -> None:
        reply = served.ask("/", "POST", body=form(q=LOG * 300))
        assert reply.status == 200
        assert "4319" in reply.text
        assert "too long for an address" in reply.text

    @pytest.mark.parametrize("path", ["/zzz", "/%2e%2e/%2e%2e/etc/passwd", "/static/..%2fapp.py", "/Q194248?part=9"])
    def test_what_is_not_there_is_not_found(self, path: str, served: Server) -> None:
        reply = served.ask(path)
        assert reply.status == 404
        assert reply.headers["content-type"].startswith("text/html")

    def test_the_original_is_the_file_as_plain_text(self, served: Server, kbfix: Command, tantivy_home: Path) -> None:
        reply = served.ask("/Q194248/original")
        assert reply.headers["content-type"].startswith("text/plain")
        assert (
            reply.body == kbfix("show", "Q194248", "--raw", home=tantivy_home).stdout.encode() or b"\r\n" in reply.body
        )


class TestWhoMayAsk:
    @pytest.mark.parametrize(
        "host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "localhost", "", "127.0.0.1"]
    )
    def test_another_host_is_refused(self, host: str, served: Server) -> None:
        for path in ("/", "/api/v1/stats", "/static/page.css"):
            assert served.ask(path, headers={"Host": host.format(port=served.port)}).status == 403

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
    def test_its_own_names_are_not(self, host: str, served: Server) -> None:
        assert served.ask("/", headers={"Host": f"{host}:{served.port}"}).status == 200

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://localhost:1"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        ],
    )
    def test_the_page_of_another_site_gets_nothing(self, headers: dict[str, str], served: Server) -> None:
        for path, method in (("/", "GET"), ("/api/v1/stats", "GET"), ("/", "POST")):
            reply = served.ask(path, method, headers)
            assert reply.status == 403
            assert "access-control-allow-origin" not in reply.headers

    def test_who_follows_a_link_from_elsewhere_may_read_but_not_ask_the_api(self, served: Server) -> None:
        visit = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        assert served.ask("/Q194248", headers=visit).status == 200
        assert served.ask("/api/v1/stats", headers=visit).status == 403
        assert served.ask("/", "POST", visit, form(q="printer")).status == 403

    def test_its_own_page_may_ask(self, served: Server) -> None:
        own = {"Origin": served.address, "Sec-Fetch-Site": "same-origin"}
        assert served.ask("/", "POST", own, form(q="printer")).status == 303

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
    def test_nothing_but_reading_is_possible(self, method: str, served: Server) -> None:
        for path in ("/", "/Q194248", "/api/v1/search", "/api/v1/articles/Q194248"):
            reply = served.ask(path, method)
            assert reply.status == 405
            assert "GET" in reply.headers["allow"]

    def test_every_reply_forbids_what_a_page_does_not_need(self, served: Server) -> None:
        for path in ("/", "/Q194248", "/zzz", "/api/v1/stats", "/Q194248/original"):
            headers = served.ask(path).headers
            assert "default-src 'none'" in headers["content-security-policy"]
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"

    def test_no_page_has_a_script_or_style_of_its_own(self, served: Server) -> None:
        for path in ("/", f"/?q={quote(SYMPTOM)}", "/Q194248", "/browse", "/about", "/zzz"):
            page = served.ask(path).text
            assert page.count("<script") == page.count('<script src="/static/keys.js?v=') == 1
            assert "<style" not in page
            assert " style=" not in page
            assert " onclick=" not in page

    def test_it_listens_on_this_machine_alone(self, served: Server) -> None:
        try:
            own = socket.gethostbyname(socket.gethostname())
        except OSError:
            pytest.skip("this machine's name has no address")
        if own.startswith("127."):
            pytest.skip("this machine has no other address")
        with pytest.raises(OSError), socket.create_connection((own, served.port), timeout=2):
            pass


class TestLimits:
    def test_a_body_over_a_mebibyte_is_refused(self, served: Server) -> None:
        assert served.ask("/", "POST", body=form(q="x " * 600_000)).status == 413

    def test_also_one_that_does_not_say_its_size(self, served: Server) -> None:
        with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
            head = f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nTransfer-Encoding: chunked\r\n\r\n"
            connection.sendall(head.encode())
            try:
                for _ in range(40):
                    connection.sendall(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")
            except OSError:
                pass  # it closed before all was sent
            assert b" 413 " in connection.recv(1000)

    def test_a_long_address_is_refused(self, served: Server) -> None:
        assert served.ask("/?q=" + "x" * 20_000).status == 414
        with suppress(ConnectionError):  # it need not read all of it
            assert served.ask("/?q=" + "x" * 200_000).status in (400, 414, 431)
        assert served.ask("/").status == 200

    def test_what_is_no_http_does_not_stop_it(self, served: Server) -> None:
        with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
            connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")
            assert b" 400 " in connection.recv(1000)
        assert served.ask("/").status == 200


HOSTILE = (
    "<script>document.title = 'run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    "</textarea></title><svg onload=alert(1)>",
    '"><a href="javascript:alert(1)">click</a>',
    "{{ 7 * 7 }}{% raw %}${7*7}",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "empty").mkdir()
    kbfix = Command(folder / "empty", folder / "home")
    for number, text in enumerate(HOSTILE):
        name = f"Q10000{number}"
        content = article_file(name, f"Printer {text}", symptoms=f"Blank {text}", resolution=text, product=text)
        (folder / f"{name}.TXT").write_bytes(content)
    assert kbfix("import", *sorted(folder.glob("*.TXT"))).code == 0
    with serving(kbfix, folder / "home") as server:
        yield server


class TestHostileText:
    def test_articles_are_text_wherever_they_are_shown(self, hostile: Server) -> None:
        paths = ["/", "/browse", "/browse/articles", "/about", "/?q=printer+blank+pages"]
        paths += [f"/Q10000{n}" for n in range(len(HOSTILE))] + [f"/Q10000{n}/revisions" for n in range(len(HOSTILE))]
        for path in paths:
            self.is_harmless(hostile.ask(path))

    def test_queries_and_filters_are_text(self, hostile: Server) -> None:
        for text in HOSTILE:
            for values in ({"q": text}, {"q": "printer", "product": text}, {"q": f"printer {text}", "version": text}):
                self.is_harmless(hostile.ask("/?" + urlencode(values)))
            self.is_harmless(hostile.ask(f"/{quote(text)}"))
            self.is_harmless(hostile.ask("/browse/articles?" + urlencode({"product": text})))

    def is_harmless(self, reply: Reply) -> None:
        assert reply.status in (200, 404, 422)
        page = reply.text.lower()
        assert "49{%" not in page, "a template was run"
        for bad in ("<script>", "<img", 'onerror="', "<svg onload", "<meta http-equiv", 'href="javascript:'):
            assert bad not in page, reply.text

    def test_the_original_is_no_page(self, hostile: Server) -> None:
        reply = hostile.ask("/Q100000/original")
        assert b"<script>" in reply.body
        assert reply.headers["content-type"].startswith("text/plain")
        assert reply.headers["x-content-type-options"] == "nosniff"


class TestWhileTheHomeChanges:
    def test_an_import_is_seen_without_a_new_start(self, own_served: Server, kbfix: Command, own_home: Path) -> None:
        before = own_served.ask("/api/v1/search?q=zygomorphic")
        assert all("zygomorphic" not in hit["title"] for hit in before.record["hits"])
        (kbfix.folder / "Q199999.TXT").write_bytes(article_file("Q199999", "Zygomorphic printer prints blank pages"))
        assert kbfix("import", kbfix.folder / "Q199999.TXT", home=own_home).code == 0
        after = own_served.ask("/api/v1/search?q=zygomorphic", headers={"If-None-Match": before.headers["etag"]})
        assert after.status == 200
        assert after.record["hits"][0]["id"] == "Q199999"
        assert after.headers["kbfix-index"] != before.headers["kbfix-index"]
        assert own_served.ask("/Q199999").status == 200

    def test_requests_go_on_while_indexes_are_swapped(self, own_served: Server, kbfix: Command, own_home: Path) -> None:
        statuses: list[int] = []
        with ThreadPoolExecutor(3) as threads:
            rebuild = threads.submit(kbfix, "rebuild", home=own_home)
            while not rebuild.done():
                statuses += [reply.status for reply in threads.map(own_served.ask, ["/?q=printer", "/Q194248"])]
        assert rebuild.result().code == 0
        assert set(statuses) == {200}

    def test_it_writes_nothing(self, own_served: Server, own_home: Path) -> None:
        def state() -> dict[str, tuple[int, int]]:
            files = (
                path for path in own_home.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal"))
            )
            return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in files}

        before = state()
        for path in ("/", "/?q=printer", "/Q194248", "/about", "/api/v1/answer?q=printer"):
            own_served.ask(path)
        assert state() == before

    @pytest.mark.skipif(sys.platform == "win32" or not Path("/proc").is_dir(), reason="finds processes in /proc")
    def test_a_worker_that_dies_is_replaced(self, own_served: Server) -> None:
        assert own_served.ask("/").status == 200
        for worker in children(own_served.process.pid):
            os.kill(worker, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while own_served.ask("/").status != 200:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def children(process: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text()
            if int(stat.rpartition(")")[2].split()[1]) == process:
                found.append(int(folder.name))
        except (OSError, ValueError):
            continue
    return found


class TestTheCommand:
    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
    def test_any_other_host_is_refused(self, host: str, kbfix: Command, tantivy_home: Path) -> None:
        ran = kbfix("serve", "--host", host, home=tantivy_home)
        assert ran.code == 2
        assert host in ran.error[0]

    def test_a_taken_port_is_said(self, kbfix: Command, tantivy_home: Path, served: Server) -> None:
        ran = kbfix("serve", "--port", str(served.port), home=tantivy_home)
        assert ran.code == 2
        assert str(served.port) in ran.error[0]

    def test_no_home_is_said_before_anything_is_served(self, kbfix: Command) -> None:
        ran = kbfix("serve", "--port", "0")
        assert ran.code == 2
        assert "kbfix import" in ran.error[1]

    def test_the_extra_that_lacks_is_named(self, kbfix: Command, tantivy_home: Path, tmp_path: Path) -> None:
        hides = "import importlib.util as u; f = u.find_spec; u.find_spec = lambda n: n != 'uvicorn' and f(n) or None"
        run = f"{hides}; import sys; from cli.main import main; sys.exit(main(['serve']))"
        hidden = Command(kbfix.folder, tantivy_home, executable=(sys.executable, "-c", run))
        ran = hidden()
        assert ran.code == 2
        assert "pip install 'kbfix[web]'" in ran.error[1]

    @pytest.mark.skipif(sys.platform == "win32" or not Path("/proc").is_dir(), reason="finds processes in /proc")
    @pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
    def test_no_process_is_left(self, end: signal.Signals, kbfix: Command, tantivy_home: Path) -> None:
        with serving(kbfix, tantivy_home) as server:
            assert server.ask("/").status == 200
            workers = children(server.process.pid)
            assert workers
            server.process.send_signal(end)
            server.process.wait(20)
            deadline = time.monotonic() + 20
            while any(Path(f"/proc/{worker}").is_dir() for worker in workers):
                assert time.monotonic() < deadline
                time.sleep(0.1)


def test_many_at_once_get_what_one_gets(served: Server) -> None:
    paths = [f"/api/v1/search?q={quote(words)}" for words in (SYMPTOM, "printer", "STOP 0xC000021A", "euro sign")]

    def hits(path: str) -> list[str]:
        return [hit["id"] for hit in served.ask(path).record["hits"]]

    alone = {path: hits(path) for path in paths}
    with ThreadPoolExecutor(16) as threads:
        for path, found in zip(paths * 10, threads.map(hits, paths * 10), strict=True):
            assert found == alone[path]


def test_an_article_page_is_small_however_long_the_article(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    kbfix = Command(tmp_path / "empty", tmp_path / "home")
    lines = "\n".join(f"Line {number}   of   <aligned> & text, {'word ' * 8}" for number in range(3000))
    (tmp_path / "Q100001.TXT").write_bytes(article_file(resolution=lines))
    assert kbfix("import", tmp_path / "Q100001.TXT").code == 0
    with serving(kbfix, tmp_path / "home") as server:
        part, shown = 1, ""
        while (reply := server.ask(f"/Q100001?part={part}")).status == 200:
            assert len(reply.body) < 50_000
            shown += reply.text
            part += 1
    assert part > 4
    for number in range(3000):
        assert f"Line {number}   of" in shown
