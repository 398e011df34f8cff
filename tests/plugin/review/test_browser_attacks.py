"""The server of the browser review, met by requests that no page of its own sends."""

from __future__ import annotations

import http.client
import json
import socket
from threading import Thread

import pytest

from pytest_query_snapshot.review.browser import BrowserReview
from pytest_query_snapshot.review.causes import causes
from pytest_query_snapshot.review.decisions import ReviewQueue, cause_key
from pytest_query_snapshot.review.pending import clear

from .conftest import ROWS, SQL

WIDER = SQL.replace("WHERE agents.workspace_id = :workspace_id_1\n  AND", "WHERE")
LONGER = ROWS + "| agent#3 | Cleo |\n"


@pytest.fixture
def server(folder):
    folder.pending("test_a.rows.md", ROWS, LONGER)
    folder.pending("test_wider.sqlite.sql", SQL, WIDER)
    review = BrowserReview(ReviewQueue(folder.project, [*causes(folder.reviews())]), title="Review")
    thread = Thread(target=review.wait)
    thread.start()
    yield review
    review.finished.set()
    thread.join(10)


class Client:
    """Sends requests as a page of the server would; every header can be replaced, or left out with None."""

    def __init__(self, server):
        self.server = server
        self.host = f"127.0.0.1:{server.server_port}"
        self.cookie = None

    def send(self, method, path, body=None, **changed):
        headers = {"Host": self.host, "Origin": f"http://{self.host}", "Cookie": self.cookie}
        headers |= {"X-Review-Key": self.server.key, "Content-Type": "application/json"}
        headers |= {name.replace("_", "-"): value for name, value in changed.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=10)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        content = json.dumps(body).encode() if body is not None else b""
        for name, value in headers.items():
            if value is not None:
                connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(content)))
        connection.endheaders(content)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer, text

    def status(self, *arguments, **changed):
        return self.send(*arguments, **changed)[0].status

    def open(self):
        answer, _ = self.send("GET", self.server.url.partition(self.host)[2])
        self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        return answer

    def decide(self, action, key, **more):
        return json.loads(self.send("POST", "/decide", {"action": action, "key": key} | more)[1])


@pytest.fixture
def client(server):
    client = Client(server)
    client.open()
    return client


def keys(server):
    return {cause.members[0].pending.golden.rpartition("/")[2]: cause_key(cause) for cause in server.queue.left}


def accept_of(server):
    return {"action": "accept", "key": keys(server)["test_a.rows.md"]}


def test_server_listens_on_loopback_only(server):
    assert server.socket.getsockname()[0] == "127.0.0.1"


def test_token_opens_one_visit(server):
    first, second = Client(server), Client(server)
    answer = first.open()
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Strict" in answer.headers["Set-Cookie"]
    answer, _ = second.send("GET", server.url.partition(second.host)[2])
    assert (answer.status, answer.headers["Set-Cookie"]) == (403, None)
    assert first.status("GET", "/") == 200
    assert first.open().status == 303  # the link again, in the browser that has opened it


@pytest.mark.parametrize("query", ["?token=", "?token=wrong", "?token=%ff", "?x=1", "?token=%00&token=a"])
def test_wrong_token_is_refused_and_leaves_the_link_good(server, query):
    client = Client(server)
    answer, _ = client.send("GET", f"/{query}")
    assert (answer.status, answer.headers["Set-Cookie"]) == (403, None)
    assert client.open().status == 303


@pytest.mark.parametrize("path", ["/", "/page.js", "/page.css", "/state", "/cause?key=x", "/other"])
def test_nothing_is_served_without_the_cookie(server, path):
    assert Client(server).status("GET", path) == 403


@pytest.mark.parametrize("path", ["/state", "/cause?key=x"])
def test_data_is_not_served_without_the_key_of_the_page(client, path):
    assert client.status("GET", path, X_Review_Key=None) == 403


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/../pyproject.toml",
            "/..%2f..%2fetc/passwd",
            "/page.css/../../html.py",
            "//etc/passwd",
            "/review.html",
        ),
        *(
            "/page.js%00",
            "/page.css;",
            "/%2e%2e/pyproject.toml",
            "/.query_snapshot/pending",
            "http://x/page.css/..",
        ),
    ],
)
def test_path_names_no_file(client, path):
    assert client.status("GET", path) == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", "", None]
)
def test_other_host_is_refused(server, client, host):
    value = None if host is None else host.format(port=server.server_port)
    assert client.status("GET", "/", Host=value) == 421
    assert client.status("POST", "/decide", accept_of(server), Host=value, Origin=f"http://{value}") == 421
    assert len(server.queue.left) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"Origin": None},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Cookie": None},
        {"Cookie": "query-snapshot-1=x"},
        {"Cookie": "\x7f;=;"},
        {"X_Review_Key": None},
        {"X_Review_Key": "wrong"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
    ids=str,
)
def test_decision_from_elsewhere_is_refused(server, client, folder, changed):
    assert client.status("POST", "/decide", accept_of(server), **changed) == 403
    assert client.status("POST", "/end", {}, **changed) == 403
    assert not server.finished.is_set()
    assert folder.read("__snapshots__/golden/test_agents/test_a.rows.md") == ROWS


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_decision_of_a_form_is_refused(server, client, kind):
    assert client.status("POST", "/decide", accept_of(server), Content_Type=kind) == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], 400),
        ("accept", 400),
        ({"action": ["accept"]}, 400),
        ({"action": "accept", "key": None}, 400),
        ({"action": "x" * 20_000}, 400),
        ({}, 404),
        ({"action": "delete"}, 404),
        ({"action": "_apply", "key": "x"}, 404),
        ({"action": "accept", "key": "nosuch"}, 409),
        ({"action": "accept"}, 409),
    ],
)
def test_invalid_decision_is_refused(server, client, body, status):
    assert client.status("POST", "/decide", body) == status
    assert len(server.queue.left) == 2


def test_page_gets_the_list_and_each_cause_of_it(server, client):
    rows = keys(server)["test_a.rows.md"]
    assert rows in {cause["key"] for cause in json.loads(client.send("GET", "/state")[1])["causes"]}
    shown = json.loads(client.send("GET", f"/cause?key={rows}")[1])
    assert (len(shown["goldens"]), shown["alike"]) == (1, 1)


@pytest.mark.parametrize("length", ["", "-1", "\xb2", "1e3"])
def test_length_that_is_not_a_number_is_refused(client, length):
    assert client.status("POST", "/decide", {"action": "accept"}, Content_Length=length) == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "HEAD", "TRACE"])
def test_other_methods_do_not_exist(client, method):
    assert client.status(method, "/decide") == 501


def test_every_answer_forbids_other_origins_and_caches(client):
    for path in ("/", "/state", "/nosuch"):
        headers = client.send("GET", path)[0].headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Access-Control-Allow-Origin"] is None


def test_risk_is_accepted_with_the_confirmation_of_its_own(server, client, folder):
    path = "__snapshots__/golden/test_agents/test_wider.sqlite.sql"
    risk = keys(server)["test_wider.sqlite.sql"]
    first = client.decide("accept", risk)["confirm"]
    assert first
    assert client.decide("accept", risk, confirmation="yes")["confirm"] not in {"", first}
    assert client.decide("accept", risk, confirmation=first)["confirm"]  # spent by the wrong answer
    assert folder.read(path) == SQL
    word = client.decide("accept", risk)["confirm"]
    assert client.decide("accept", risk, confirmation=word)["confirm"] == ""
    assert folder.read(path) == WIDER


def test_second_tab_cannot_decide_again(server, client, folder):
    key = keys(server)["test_a.rows.md"]
    assert client.decide("accept", key)["decided"]["accepted"] == 1
    second = client.decide("reject", key)
    assert "another window" in second["error"]
    assert second["decided"] == {"accepted": 1, "rejected": 0, "skipped": 0}
    assert folder.read("__snapshots__/golden/test_agents/test_a.rows.md") == LONGER


def test_key_is_of_the_text_that_was_shown(folder):
    def key_of(new):
        folder.pending("test_a.rows.md", ROWS, new)
        return cause_key(causes(folder.reviews())[0])

    assert key_of(LONGER) == key_of(LONGER) != key_of(LONGER.replace("Cleo", "Cora"))


def test_golden_that_moved_is_refused_and_stays(server, client, folder):
    path = folder.golden("test_a.rows.md", "something else\n")
    answer = client.decide("accept", keys(server)["test_a.rows.md"])
    assert len(answer["refused"]) == 1
    assert (answer["decided"]["accepted"], answer["left"]) == (0, 2)
    assert folder.read(path) == "something else\n"


@pytest.mark.parametrize("action", ["accept", "reject"])
def test_change_of_a_later_run_is_neither_accepted_nor_lost(server, client, folder, action):
    shown = keys(server)["test_a.rows.md"]
    later = LONGER.replace("Cleo", "Cora")
    path = folder.pending("test_a.rows.md", ROWS, later)
    answer = client.decide(action, shown)
    assert "changed what is pending" in answer["refused"][0]
    assert folder.read(path) == ROWS
    assert later in [review.pending.received for review in folder.reviews()]


def test_change_that_a_later_run_cleared_is_not_accepted(server, client, folder):
    shown = keys(server)["test_a.rows.md"]
    path = "__snapshots__/golden/test_agents/test_a.rows.md"
    clear(folder.root, path, dialect="sqlite")
    assert "changed what is pending" in client.decide("accept", shown)["refused"][0]
    assert folder.read(path) == ROWS


def test_idle_connection_does_not_keep_the_review_open(server, client):
    with socket.create_connection(("127.0.0.1", server.server_port)):
        assert client.status("POST", "/end", {}) == 200
        assert server.finished.wait(5)


def test_review_ends_when_all_is_decided(server, client):
    for key in keys(server).values():
        assert not server.finished.is_set()
        answer = client.decide("skip", key)
    assert (answer["finished"], answer["left"]) == (True, 2)
    assert server.finished.wait(5)
