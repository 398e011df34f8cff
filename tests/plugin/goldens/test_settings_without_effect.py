"""A setting, option, marker, argument or fixture that can't have an effect is refused, or named at the end."""

from __future__ import annotations

import re

import pytest

from pytest_query_snapshot.errors import ConfigurationError, SeedError
from pytest_query_snapshot.seeds.files import SeedFolder
from pytest_query_snapshot.seeds.functions import seed
from pytest_query_snapshot.setting_values import wrong_value
from pytest_query_snapshot.settings import TENANT_COLUMNS, find_project

MASK = "query_snapshot_mask"
TENANTS = "query_snapshot_tenant_columns"
TABLES = "query_snapshot_unbounded_tables"
WRONG = (
    (MASK, "note.created_at note.updated_at", "one pattern a line"),
    (MASK, "note.created_at, note.updated_at", "one pattern a line"),
    (MASK, "note.created_at  # the clock", "one pattern a line"),
    (MASK, "note.created_at,note.updated_at", "holds ','"),
    (MASK, '"note.created_at"', "holds '\"'"),
    (MASK, "['note.created_at']", r"holds '\['"),
    (MASK, "note:created_at", "names no column"),
    (MASK, "created_at", "names no column"),
    (MASK, "note.", "names no column"),
    (MASK, ".created_at", "names no column"),
    (MASK, r"note\..*", r"holds '\\\\'"),
    (MASK, "note.%_at", "holds '%'"),
    (TENANTS, "workspace_id,tenant_id", "holds ','"),
    (TENANTS, "'tenant_id'", 'holds "\'"'),
    (TENANTS, "note.tenant_id", "bare name"),
    (TENANTS, "*_id", "bare name"),
    (TENANTS, "tenant_id;", "holds ';'"),
    (TABLES, "note,log", "holds ','"),
    (TABLES, "log*", "is a pattern"),
    (TABLES, "log?", "is a pattern"),
    (TABLES, "'log'", 'holds "\'"'),
    (TABLES, "public/log", "holds '/'"),
    ("query_snapshot_growing_tables", "note,log", "holds ','"),
    ("query_snapshot_query_hazards", "Fail", "is not one of off, report, fail"),
    ("query_snapshot_query_hazards", "true", "is not one of"),
    ("query_snapshot_query_hazards", "", "is not one of"),
    ("query_snapshot_hazards", "on", "is not one of"),
    ("query_snapshot_dir", "", "names no folder"),
    ("query_snapshot_dir", ".", "not a folder of its own"),
    ("query_snapshot_dir", "../", "not a folder of its own"),
    ("query_snapshot_dir", "'goldens'", 'holds "\'"'),
    ("query_snapshot_dir", "~/goldens", "holds '~'"),
    ("query_snapshot_dir", "a\nb", "holds '\\\\n'"),
    ("query_snapshot_seeds", " ", "names no folder"),
    ("query_snapshot_seeds", "$SEEDS", r"holds '\$'"),
    ("query_snapshot_seeds", '"seeds"', "holds '\"'"),
)
MEANT = (
    (MASK, ("*.created_at", "note.*_at", "billing.note.made", "Order?Details.price", "größe.wert", "a_b.c$d")),
    (TENANTS, ("workspace_id", "größe", "Tenant")),
    (TABLES, ("log", "billing.invoice", "Log")),
    ("query_snapshot_dir", ("__snapshots__", "tests/goldens/", "../goldens", "with blank")),
    ("query_snapshot_seeds", ("fixtures_sql", ".", "../seeds")),
    ("query_snapshot_query_hazards", ("off", "report", "fail")),
    ("query_snapshot_metadata", ("anything at all",)),
)


@pytest.mark.parametrize(("name", "value", "message"), WRONG)
def test_value_that_can_not_be_meant_is_named(name, value, message):
    problem = wrong_value(name, (value,) if name in {MASK, TENANTS, TABLES} else value)
    assert problem is not None
    assert re.search(rf"^{name}: .*{message}", problem)


@pytest.mark.parametrize(("name", "values"), MEANT, ids=[name for name, _ in MEANT])
def test_value_that_is_meant_is_taken(name, values):
    assert [value for value in values if wrong_value(name, value)] == []
    assert wrong_value(name, values) is None


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (f"{TENANTS} = 'team_id' org_id", {"tenant_columns": ("team_id", "org_id")}),
        (f"{TENANTS} =", {"tenant_columns": ()}),
        (f"{MASK} =\n  a.b\n  *.c", {"masks": ("a.b", "*.c"), "tenant_columns": TENANT_COLUMNS}),
    ],
)
def test_command_line_reads_values_as_pytest_does(tmp_path, line, read):
    (tmp_path / "pytest.ini").write_text(f"[pytest]\n{line}\n")
    project = find_project(tmp_path)
    assert {name: getattr(project, name) for name in read} == read


def test_command_line_refuses_the_same_values(tmp_path):
    (tmp_path / "pytest.ini").write_text(f"[pytest]\n{MASK} = a.b c.d\n")
    with pytest.raises(ConfigurationError, match="one pattern a line"):
        find_project(tmp_path)


REFUSED_RUNS = {
    "mask": (f"{MASK} = a.b c.d", (), f"{MASK}: 'a.b c.d' holds a blank*"),
    "hazards": ("query_snapshot_query_hazards = Fail", (), "*is not one of off, report, fail"),
    "allowed hazards": ("query_snapshot_allowed_hazards = n+2", (), "*no hazard is called n+2; there are *"),
    "allowed nothing": ("query_snapshot_allowed_hazards = n+1: Agent.x", (), "*names nothing of its kind*"),
    "risks": ("", ("--accept-risks",), "--accept-risks is for --snapshot-update*"),
    "further database": ("query_snapshot_databases = audit", (), "*'audit' must be 'audit = *"),
    "unreachable": ("query_snapshot_databases = audit = a:b", (), "*no variable has the URL of audit*"),
    "two lines": (
        "query_snapshot_url_variables = X=@audit\nquery_snapshot_databases =\n  audit = a:b\n  audit = c:d",
        (),
        "*audit has two lines*",
    ),
    "two drivers": (
        "query_snapshot_url_variables =\n  X=sqlite+aiosqlite\n  X=sqlite+pysqlite",
        (),
        "*'X=sqlite+pysqlite': X is set by another line already*",
    ),
    "two databases": ("query_snapshot_url_variables =\n  X=@a\n  X=@b", (), "*X is set by another line already*"),
    "two forms": (
        "query_snapshot_url_variables =\n  X={host}\n  X={port}",
        (),
        "*X is set by another line already*",
    ),
}


@pytest.fixture
def project(make_project):
    return make_project("sqlite")


def configure(project, lines):
    path = project.pytester.path / "pytest.ini"
    path.write_text(f"{path.read_text()}\n{lines}\n")


@pytest.mark.parametrize(("lines", "args", "message"), REFUSED_RUNS.values(), ids=REFUSED_RUNS)
def test_run_with_a_setting_or_option_without_effect_does_not_begin(project, lines, args, message):
    configure(project, lines)
    project.test("def test(): pass")
    result = project.run(*args)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {message}"])


def test_variable_may_have_a_driver_for_each_dialect(project):
    configure(project, "query_snapshot_url_variables =\n  X=sqlite+aiosqlite\n  X=postgresql+asyncpg\n  Y\n  Y")
    project.test("import os\ndef test(): assert os.environ['X'].startswith('sqlite+aiosqlite:///')")
    project.run().assert_outcomes(passed=1)


UNMATCHED = {
    "table of another name": (
        f"{MASK} = workspaces.name",
        "*mask: 'workspaces.name' matches no column; did you mean ",
    ),
    "name of a class": (f"{MASK} = Workspace.name", "*matches no column; did you mean workspace.name?"),
    "key": (f"{MASK} = workspace.id", "*mask: 'workspace.id' is a primary key*"),
    "tenant": (f"{TENANTS} = workspaceid", "*no table has a column 'workspaceid'; did you mean workspace_id?"),
    "unbounded": (f"{TABLES} = Agent", "*the metadata has no table 'Agent'; did you mean agent?"),
}
COMPARES = """
import sqlalchemy as sa
from shop_schema import workspace
def test(session, golden):
    assert session.execute(sa.select(workspace.c.name, sa.literal(1).label("one"))) == golden
def test_other(): pass
"""


@pytest.mark.parametrize(("line", "message"), UNMATCHED.values(), ids=UNMATCHED)
def test_name_that_matches_nothing_is_named_after_a_whole_run(project, line, message):
    configure(project, line)
    project.test(COMPARES)
    project.run("--snapshot-update").stdout.fnmatch_lines([f"query-snapshot: {message}*"])


@pytest.mark.parametrize("args", [("-k", "test"), ("test_it.py",), ("--maxfail=1",)], ids=lambda args: args[0])
def test_name_that_matches_nothing_is_not_named_after_a_part_of_the_tests(project, args):
    configure(project, f"{MASK} = workspaces.name")
    project.test(COMPARES)
    project.run("--snapshot-update", *args).stdout.no_fnmatch_line("*matches no column*")


def test_name_that_matches_something_is_not_named(project):
    lines = f"{MASK} =\n  agent.name\n  *.name\n  workspace.*\n  *.one\n{TENANTS} = workspace_id\n{TABLES} = agent"
    configure(project, lines)
    project.test(COMPARES)
    result = project.run("--snapshot-update")
    result.assert_outcomes(passed=1 + 1)
    for message in ("*matches no column*", "*primary key*", "*no table*"):
        result.stdout.no_fnmatch_line(message)


def test_wrong_metadata_that_no_test_needs_is_named(project):
    path = project.pytester.path / "pytest.ini"
    path.write_text(path.read_text().replace("shop_schema:metadata", "shop_schema:metadat"))
    project.test("def test(golden): assert [1] == golden.rows")
    result = project.run("--snapshot-update", "--isolation", "none")
    result.stdout.fnmatch_lines(["query-snapshot: query_snapshot_metadata = 'shop_schema:metadat'*"])


def test_settings_of_another_mode_are_named_in_the_mode_none(project):
    configure(project, "query_snapshot_url_variables = X\nquery_snapshot_databases = audit = a:b")
    project.test("def test(): pass")
    result = project.run("--isolation", "none")
    result.stdout.fnmatch_lines(["*query_snapshot_url_variables and query_snapshot_databases have no effect"])


MARKERS = {
    "hazards: none": ("allow_hazards()", "allows nothing"),
    "hazards: keyword": ("allow_hazards(kind='n+1')", "allows nothing"),
    "hazards: list": ("allow_hazards(['n+1'])", "no hazard is called ['n+1']"),
    "hazards: unknown": ("allow_hazards('n+2')", "no hazard is called n+2"),
    "hazards: blank": ("allow_hazards('n+1: A.b')", "names nothing of its kind"),
    "hazards: empty": ("allow_hazards('n+1:')", "names nothing of its kind"),
    "misspelt budget": ("max_query(3)", "did you mean max_queries?"),
    "misspelt mode": ("isolations('none')", "did you mean isolation?"),
    "misspelt hazards": ("allow_hazard('n+1')", "did you mean allow_hazards?"),
    "mode by keyword": ("isolation(mode='none')", "the marker takes one mode"),
}


@pytest.mark.parametrize(("marker", "message"), MARKERS.values(), ids=MARKERS)
def test_marker_without_effect_is_an_error(project, marker, message):
    project.test(f"import pytest\n@pytest.mark.{marker}\ndef test(): pass")
    result = project.run("-W", "ignore")
    result.assert_outcomes(errors=1)
    assert message in result.stdout.str()


@pytest.mark.parametrize("marker", ["isolated", "query", "hazard", "seeded_by_hand", "allow_hazards('n+1:A.b')"])
def test_marker_of_the_project_is_taken(project, marker):
    project.test(f"import pytest\n@pytest.mark.{marker}\ndef test(): pass")
    project.run("-W", "ignore").assert_outcomes(passed=1)


def test_budget_marker_takes_no_keyword(project):
    project.test("import pytest\n@pytest.mark.max_queries(3, exactly=True)\ndef test(session): pass")
    result = project.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*max_queries takes one number of statements*"])


ARGUMENTS = {
    "ignored and rounded": ("[{'a': 1.5}] == golden.rows.ignoring('a').rounding(a=1)", "column a is ignored or"),
    "rounded and ignored": ("[{'a': 1.5}] == golden.rows.rounding(a=1).ignoring('a')", "column a is ignored or"),
    "rounded twice": ("[{'a': 1.5}] == golden.rows.rounding(a=2).rounding(a=1)", "column a is ignored or rounded"),
    "ignored twice": ("[{'a': 1.5}] == golden.rows.ignoring('a', 'a')", "column a is ignored or rounded already"),
    "empty match": ("golden.budget(3, match=' ').__enter__()", "golden.budget(match=..) takes a word"),
    "number as match": ("golden.budget(0, match=3).__enter__()", "golden.budget(match=..) takes a word"),
}


@pytest.mark.parametrize(("expression", "message"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_argument_without_effect_is_an_error(project, expression, message):
    project.test(f"def test(golden):\n    assert {expression}")
    result = project.run("--snapshot-update")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert message in result.stdout.str()


FIXTURE = "import pytest\nimport shop_schema\n@pytest.fixture(scope='session')\ndef "
FIXTURES = {
    "misspelt": ("query_snapshot_engine_option(): return {}", "did you mean query_snapshot_engine_options?"),
    "no options": ("query_snapshot_engine_options(): pass", "returned a NoneType: return a dict"),
    "options of connections": (
        "query_snapshot_engine_options(): return {'connect_args': {'timeout': 3}}",
        "connect_args has no effect in the isolation mode savepoint",
    ),
    "no schema": ("query_snapshot_schema(): pass", "returned a NoneType: return MetaData"),
    "a list": ("query_snapshot_schema(): return [shop_schema.metadata]", "returned a list: return MetaData"),
    "a class": ("query_snapshot_schema(): return dict", "return MetaData, or a function"),
    "async": (
        "query_snapshot_schema():\n    async def build(connection): pass\n    return build",
        "returned an async function",
    ),
    "a function of metadata": (
        "query_snapshot_schema(): return lambda connection: shop_schema.metadata",
        "returned MetaData and built nothing of it",
    ),
}


@pytest.mark.parametrize(("fixture", "message"), FIXTURES.values(), ids=FIXTURES)
def test_fixture_without_effect_is_an_error(project, fixture, message):
    project.pytester.makeconftest(FIXTURE + fixture)
    project.test("def test(session): pass")
    result = project.run()
    result.assert_outcomes(errors=1)
    assert message in result.stdout.str()


def test_options_of_connections_reach_the_engines_of_the_mode_connections(project):
    project.pytester.makeconftest(
        FIXTURE + "query_snapshot_engine_options(): return {'connect_args': {'timeout': 3}}"
    )
    project.test("def test(engine): assert engine.connect")
    project.run("--isolation", "connections").assert_outcomes(passed=1)


def test_hook_that_renders_no_text_is_an_error(project):
    project.pytester.makeconftest("def pytest_query_snapshot_render(value): return 5")
    project.test("def test(golden): assert [object()] == golden.rows")
    result = project.run("--snapshot-update")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*pytest_query_snapshot_render returned a int for a object*"])


SEEDS = {
    "nothing": ("", "holds no row and requires no other seed"),
    "a comment": ("-- to be written\n", "holds no row and requires no other seed"),
    "singular": ("-- require: users\nSELECT 1;", "requires nothing: write `-- requires: users`"),
    "equals": ("-- requires = users\nSELECT 1;", "requires nothing: write"),
    "another comment": ("/* requires: users */\nSELECT 1;", "requires nothing: write"),
    "of MySQL": ("# requires: users\nSELECT 1;", "requires nothing: write"),
    "no name": ("-- requires:\nSELECT 1;", "names no seed that it requires"),
    "too late": ("SELECT 1;\n-- requires: users\nSELECT 2;", "above the first statement"),
}


@pytest.mark.parametrize(("text", "message"), SEEDS.values(), ids=SEEDS)
def test_seed_that_loads_or_requires_nothing_is_refused(tmp_path, text, message):
    (tmp_path / "a.sql").write_text(text)
    with pytest.raises(SeedError, match=message):
        SeedFolder(tmp_path, root=tmp_path).resolve(("a",), asked_by="here").files[0].statements("sqlite")


def test_seed_that_only_requires_others_is_taken(tmp_path):
    (tmp_path / "all.sql").write_text("-- All of them; it requires users to have names.\n-- requires: users\n")
    (tmp_path / "users.sql").write_text("INSERT INTO users VALUES ('-- not a line of its own: requires: x');")
    found = SeedFolder(tmp_path, root=tmp_path).resolve(("all",), asked_by="here")
    assert [(file.name, len(file.statements("sqlite"))) for file in found.files] == [("users", 1), ("all", 0)]


@pytest.mark.parametrize("arguments", [{"name": len}, {"requires": "users"}])
def test_python_seed_that_is_not_called_or_requires_a_text_is_refused(arguments):
    with pytest.raises(TypeError, match="seed"):
        seed(**arguments)
