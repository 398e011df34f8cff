"""The command line as a person and as a script use it."""

from __future__ import annotations

import io
import json
import os
import re
import selectors
import subprocess
import sys

import pytest

from pytest_query_snapshot.cli.main import main
from pytest_query_snapshot.review.causes import causes
from pytest_query_snapshot.review.keys import key_reader
from pytest_query_snapshot.review.prompt import ReviewPrompt
from pytest_query_snapshot.review.terminal import WIDTH, Painter

from .conftest import ROWS, SQL, STATE, page_data

WIDER = SQL.replace("WHERE agents.workspace_id = :workspace_id_1\n  AND", "WHERE")
LAID_OUT = SQL.replace("FROM agents", "FROM   agents")
LONGER = ROWS + "| agent#3 | Cleo |\n"


@pytest.fixture
def run(folder, capsys, monkeypatch):
    def run(*arguments, keys=()):
        answers = iter(keys)

        def ask(_prompt=""):
            try:
                return next(answers)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr("builtins.input", ask)
        status = main(arguments)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def four(folder):
    return {
        "risk": folder.pending("test_risk.sqlite.sql", SQL, WIDER),
        "format": folder.pending("test_format.sqlite.sql", SQL, LAID_OUT),
        "format2": folder.pending("test_format_too.sqlite.sql", SQL, LAID_OUT),
        "rows": folder.pending("test_rows.rows.md", ROWS, LONGER),
    }


def test_nothing_pending_is_said(run):
    assert run("list") == (0, "Nothing is pending.\n", "")
    assert run("review") == (0, "Nothing to review.\n", "")


def test_risks_are_listed_first(run, four):
    status, out, _ = run("list")
    assert status == 1
    assert out.startswith("RISK ")
    assert "tenant-filter" in out.splitlines()[0]
    assert out.endswith("4 pending of 3 causes, 1 of them risks\n")


def test_a_script_gets_json(run, four):
    _, out, _ = run("list", "--json", "--class", "tenant-filter-removed")
    (found,) = json.loads(out)
    assert (found["golden"], found["classes"], found["risk"]) == (four["risk"], ["tenant-filter-removed"], True)
    assert found["changes"][0]["old"] == "agents.workspace_id = :value"


def test_accepting_by_class(run, four, folder):
    status, out, _ = run("accept", "--class", "format")
    assert (status, out) == (0, "2 accepted, 0 left\n")
    assert folder.read(four["format"]) == LAID_OUT
    assert folder.read(four["rows"]) == ROWS


def test_accepting_all_leaves_the_risk_and_says_how_to_decide(run, four, folder):
    status, out, _ = run("accept", "--all")
    assert status == 1
    assert "3 accepted, 1 left" in out
    assert "accepted by name" in out
    assert folder.read(four["risk"]) == SQL


@pytest.mark.parametrize(
    "selector", [["--class", "tenant-filter"], ["--test", "test_risk"], ["*risk*"], ["--all"]]
)
def test_no_selector_accepts_a_risk(run, four, folder, selector):
    assert run("accept", *selector)[0] == 1
    assert folder.read(four["risk"]) == SQL


def test_the_whole_path_accepts_a_risk(run, four, folder):
    assert run("accept", four["risk"])[0] == 0
    assert folder.read(four["risk"]) == WIDER


def test_accepting_nothing_in_particular_is_an_error(run, four):
    status, out, err = run("accept")
    assert (status, out) == (2, "")
    assert "--all" in err


def test_rejecting_forgets(run, four, folder):
    assert run("reject", "--all")[1] == "4 rejected, 0 left\n"
    assert folder.reviews() == ()
    assert folder.read(four["risk"]) == SQL


def test_a_moved_golden_stops_with_a_clear_message(run, four, folder):
    folder.golden("test_rows.rows.md", ROWS + "| agent#7 | Eve |\n")
    status, _, err = run("accept", four["rows"])
    assert status == 2
    assert "changed since the failing run" in err


def test_walking_through(run, four, folder):
    status, out, _ = run("review", keys=["s", "c", "a"])
    assert status == 1
    assert "3 accepted, 0 rejected, 1 left" in out
    assert folder.read(four["format2"]) == LAID_OUT
    assert folder.read(four["rows"]) == LONGER
    assert folder.read(four["risk"]) == SQL


def test_changes_accepted_together_are_announced_before_and_after(run, four):
    _, out, _ = run("review", keys=["s", "c", "q"])
    assert "c class" in out
    assert "2 accepted: format" in out


def test_only_keys_that_decide_something_are_offered(run, four):
    out = run("review", keys=["s", "u", "s", "s", "u", "s", "q"])[1]
    assert [line for line in out.splitlines() if line.startswith("a accept")] == [
        "a accept  r reject  s skip  d whole  q quit",  # a risk
        "a accept all 2  r reject  s skip  c class  u unfold  d whole  q quit",
        *["a accept  r reject  s skip  c class  d whole  q quit"] * 4,  # one is asked for twice: it has one part
    ]


def test_the_whole_difference_shows_what_did_not_change(run, four):
    _, out, _ = run("review", "--class", "format", keys=["d", "q"])
    shown, whole = out.split("q quit")[:2]
    assert "LIMIT :param_1;" not in shown
    assert "LIMIT :param_1;" in whole


def in_a_terminal(folder, keys):
    """Run the review in a terminal of 80 columns, as over ssh, and return what it wrote."""
    pty = pytest.importorskip("pty", reason="pseudo-terminals are a matter of POSIX")
    terminal, own = pty.openpty()
    command = [sys.executable, "-m", "pytest_query_snapshot.cli", "review"]
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), own)
    review = subprocess.Popen(
        command, cwd=folder, env={**os.environ, "TERM": "xterm"}, start_new_session=True, **streams
    )
    os.close(own)
    written = b""
    answers = selectors.DefaultSelector()  # select() itself refuses a descriptor beyond 1,023
    answers.register(terminal, selectors.EVENT_READ)
    while True:
        if not answers.select(30):
            review.kill()
            pytest.fail(f"no answer in the terminal after {written.decode()!r}")
        try:
            read = os.read(terminal, 4096)
        except OSError:  # the other end has closed
            break
        if not read:
            break
        written += read
        if keys and written.endswith((b"> ", b"yes: ")):
            written += b"\n"
            enter = b"\n" if written.endswith(b"yes: \n") else b""
            os.write(terminal, keys.pop(0).encode() + enter)
    review.wait()
    answers.close()
    os.close(terminal)
    return written.decode()


def test_a_person_at_a_terminal(four, folder):
    out = in_a_terminal(folder.root, ["a", "yes", "c", "d", "r"])
    assert "3 accepted, 1 rejected, 0 left" in out
    assert "\x1b[1;31m" in out
    plain = re.sub(r"\x1b\[[\d;]*m", "", out).replace("\r", "")
    assert max(map(len, plain.splitlines())) <= WIDTH
    assert folder.read(four["risk"]) == WIDER


@pytest.mark.parametrize(("key", "error"), [(b"\x03", KeyboardInterrupt), (b"\x04", EOFError)])
def test_control_key_ends_the_review_where_the_terminal_sends_no_signal(key, error):
    pty = pytest.importorskip("pty", reason="pseudo-terminals are a matter of POSIX")
    termios = pytest.importorskip("termios")
    terminal, own = pty.openpty()
    attributes = termios.tcgetattr(own)
    attributes[3] &= ~(termios.ISIG | termios.ICANON)
    termios.tcsetattr(own, termios.TCSANOW, attributes)
    with os.fdopen(own) as source:
        os.write(terminal, key)
        with pytest.raises(error):
            key_reader(source)("? ")
    os.close(terminal)


def test_a_risk_is_asked_for_twice(run, four, folder):
    run("review", keys=["a", "no", "a", "yes", "q"])
    assert folder.read(four["risk"]) == WIDER


def test_a_risk_is_not_accepted_by_class(run, four, folder):
    _, out, _ = run("review", keys=["c", "q"])
    assert "decided on its own" in out
    assert folder.read(four["risk"]) == SQL


def test_rejecting_and_quitting(run, four, folder):
    _, out, _ = run("review", keys=["r", "q"])
    assert "0 accepted, 1 rejected, 3 left" in out


def test_an_end_of_input_is_a_quit(run, four):
    assert "0 accepted, 0 rejected, 4 left" in run("review")[1]


def test_an_unknown_key_is_asked_again(run, four):
    assert "1 rejected" in run("review", keys=["x", "", "r"])[1]


def test_review_and_show_write_whole_lines_to_a_pipe(run, folder):
    long = "x" * 300
    path = folder.pending("test_" + "long_" * 30 + ".rows.md", ROWS, ROWS + f"| agent#3 | {long} |\n")
    for arguments in (["review"], ["show", path, "--diff"]):
        lines = run(*arguments, keys=["s"])[1].splitlines()
        assert f"  golden  {path}" in lines
        assert f"  +| agent#3 | {long} |" in lines


@pytest.mark.parametrize("color", ["never", "always"])
def test_a_review_fits_in_80_columns(run, four, folder, color):
    folder.pending("test_" + "long_" * 30 + ".rows.md", ROWS, ROWS + f"| agent#3 | {'x' * 300} |\n")
    out = io.StringIO()
    out.isatty = lambda: True
    paint = Painter(color == "always")
    ReviewPrompt(folder.project, lambda _prompt: "s", out, paint).run(causes(folder.reviews()))
    for line in out.getvalue().splitlines():
        plain = line
        while "\x1b[" in plain:
            before, _, rest = plain.partition("\x1b[")
            plain = before + rest.partition("m")[2]
        assert len(plain) <= WIDTH, plain
    assert ("\x1b[" in out.getvalue()) == (color == "always")


def test_no_color_is_honoured(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert Painter.of(Terminal()).on
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Painter.of(Terminal()).on
    assert not Painter.of(io.StringIO()).on


def test_help_needs_no_classifier():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "pytest_query_snapshot.cli", "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "sqlparse" not in done.stderr


def git(folder, *arguments):
    options = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *options, *arguments], cwd=folder.root, check=True, capture_output=True)


@pytest.fixture
def branch(folder):
    git(folder, "init", "-q")
    folder.golden("test_a.sqlite.sql", SQL)
    folder.golden("test_b.rows.md", ROWS)
    folder.golden("test_c.state.md", STATE)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    git(folder, "tag", "one")
    folder.golden("test_a.sqlite.sql", WIDER)
    (folder.root / "__snapshots__/golden/test_agents/test_c.state.md").unlink()
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "two")
    folder.golden("test_d.rows.md", LONGER)
    return folder


def test_a_summary_of_a_branch_puts_risks_first(run, branch):
    status, out, _ = run("diff", "one", "HEAD")
    assert status == 0
    assert out.startswith(
        "**2 goldens changed, 1 risk.**\n\n- **risk** `__snapshots__/golden/test_agents/test_a.sqlite.sql`"
    )
    assert "tenant-filter-removed (`agents.workspace_id = :value`)" in out
    assert "| golden-removed | 1 |" in out
    assert "test_d" not in out


def test_the_working_tree_counts_with_its_new_files(run, branch):
    assert {one["golden"].rpartition("/")[2] for one in json.loads(run("diff", "one", "--json")[1])} == {
        "test_a.sqlite.sql",
        "test_c.state.md",
        "test_d.rows.md",
    }


def test_a_summary_of_many_changes_stays_short(run, branch):
    for number in range(60):
        branch.golden(f"test_many_{number}.sqlite.sql", SQL)
    git(branch, "add", ".")
    git(branch, "commit", "-qm", "many")
    for number in range(60):
        branch.golden(f"test_many_{number}.sqlite.sql", WIDER)
    out = run("diff", "HEAD")[1]
    assert "60 risks" in out
    assert "and 48 more goldens with risks" in out
    assert len(out) < 4000


def test_an_unknown_revision_is_named(run, branch):
    status, _, err = run("diff", "nowhere")
    assert status == 2
    assert "nowhere" in err


def test_a_revision_is_never_an_option(run, branch):
    assert run("diff", "--", "--output=x")[0] == 2
    assert not (branch.root / "x").exists()


def test_the_page_of_a_branch(run, branch, tmp_path):
    run("diff", "one", "--html", str(tmp_path / "out" / "diff.html"))
    found = page_data(tmp_path / "out" / "diff.html")["changes"][0]
    assert found["changes"][0]["class"] == "tenant-filter-removed"
    assert found["accept"] == ""


def test_no_change_is_said(run, branch):
    git(branch, "add", ".")
    git(branch, "commit", "-qm", "three")
    assert run("diff", "HEAD")[1] == "No golden changed.\n"


def test_outside_a_repository_git_is_quoted(run, folder):
    status, _, err = run("diff", "HEAD")
    assert status == 2
    assert "git can't read" in err


def test_the_report_says_where_it_is(run, four, folder):
    assert run("report")[1] == "report: .query_snapshot/report.html\n"
    page = folder.root / ".query_snapshot/report.html"
    assert page.stat().st_size > 10_000
    assert {each["file"]: each["new"] for each in page_data(page)["changes"]}[four["rows"]] == LONGER
