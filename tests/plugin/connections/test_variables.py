"""Environment variables that get the URL of the tests' database, or a part of it."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy as sa

from pytest_query_snapshot.databases.connections.variables import URLVariables
from pytest_query_snapshot.databases.servers.server import PostgreSQLServer, connect_arguments
from pytest_query_snapshot.errors import ConfigurationError

SERVER = sa.make_url("postgresql+psycopg://ada:s%40crt@db:5433/shop")
SOCKET = sa.make_url("postgresql+psycopg://ada@/shop?host=/run/pg")
FILE = sa.make_url("sqlite:////data/shop.db")


@pytest.mark.parametrize(
    ("setting", "url", "value"),
    [
        ("V", SERVER, "postgresql+psycopg://ada:s%40crt@db:5433/shop"),
        ("V=postgresql+asyncpg", SERVER, "postgresql+asyncpg://ada:s%40crt@db:5433/shop"),
        ("V = {host}", SERVER, "db"),
        ("V={port}", SERVER, "5433"),
        ("V={user}", SERVER, "ada"),
        ("V={password}", SERVER, "s@crt"),
        ("V={database}", SERVER, "shop"),
        ("V=//{user}@{host}:{port}/{database}?x=1", SERVER, "//ada@db:5433/shop?x=1"),
        ("V={host}", SOCKET, "/run/pg"),
        ("V={port}", SOCKET, "5432"),
        ("V={password}", SOCKET, ""),
        ("V={database}", FILE, "/data/shop.db"),
    ],
)
def test_variable_holds_the_url_or_its_part(setting, url, value):
    assert URLVariables([setting]).values(url) == {"V": value}


def test_part_of_a_further_database_is_named_with_the_variable():
    variables = URLVariables(["DB={database}", "AUDIT@audit={database}"])
    assert variables.labels == ("", "audit")
    assert variables.values(SERVER, label="audit") == {"AUDIT": "shop"}


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("V={hots}", "'hots' is not a part of a URL; there are {host}, {port}, {user}, {password}, {database}"),
        ("V={}", "'' is not a part"),
        ("V={host", "'V={host'"),
        ("V=", "must be 'NAME'"),
    ],
)
def test_variable_with_an_unknown_part_is_refused(setting, message):
    with pytest.raises(ConfigurationError, match="query_snapshot_url_variables") as refused:
        URLVariables([setting])
    assert message in str(refused.value)


def test_host_of_a_file_is_refused_with_the_option_to_run_with():
    with pytest.raises(ConfigurationError, match=r"'V=\{host\}': SQLite has .* --database postgresql"):
        URLVariables(["V={host}"]).set(FILE)


def test_application_connects_with_the_parts_of_the_url(application):
    if not application.database:
        pytest.skip("SQLite has no host")
    path = application.pytester.path / "pytest.ini"
    parts = "\n".join(
        f"  DB_{part.upper()}={{{part}}}" for part in ("host", "port", "user", "password", "database")
    )
    path.write_text(path.read_text().replace("variables = DATABASE_URL", f"variables =\n{parts}"))
    text = (application.pytester.path / "shop_app.py").read_text()
    url = (
        "sa.URL.create('postgresql+psycopg', os.environ['DB_USER'], password=os.environ['DB_PASSWORD'], "
        "query={'host': os.environ['DB_HOST']}, database=os.environ['DB_DATABASE'])"
    )
    application.pytester.makepyfile(shop_app=text.replace('os.environ["DATABASE_URL"]', url))
    application.test("""
import pytest, shop_app
@pytest.mark.parametrize("n", range(2))
def test_add(n):
    assert shop_app.names() == []
    shop_app.add("a")
""")
    application.run().assert_outcomes(passed=2)


def test_server_that_listens_asks_for_its_password():
    server = PostgreSQLServer(listens=True)
    try:
        server.wait()
        url = sa.make_url(server.url)
        assert (url.host, bool(url.port), bool(url.password)) == ("127.0.0.1", True, True)
        with psycopg.connect(**connect_arguments(url)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(**connect_arguments(url.set(password="another")))
    finally:
        server.stop()
