"""MariaDB through pymysql in the mode `none`: recorded and compared, undone by the project's own fixture."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

SERVER = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin:/usr/libexec")
INSTALL = shutil.which("mariadb-install-db")
pytestmark = pytest.mark.skipif(SERVER is None or INSTALL is None, reason="needs mariadbd and mariadb-install-db")

DEADLINE_SECONDS = 60
INI = """
[pytest]
pythonpath = .
filterwarnings = error
asyncio_default_fixture_loop_scope = function
query_snapshot_isolation = none
addopts = -p no:cacheprovider
"""
CONFTEST = """
import pytest, sqlalchemy as sa
from sqlalchemy.orm import Session
from shop import Base

@pytest.fixture(scope="session")
def engine():
    engine = sa.create_engine("mysql+pymysql://root@localhost/test?unix_socket={socket}")
    Base.metadata.create_all(engine)
    yield engine
    Base.metadata.drop_all(engine)
    engine.dispose()

@pytest.fixture
def session(engine):
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()
"""
SHOP = """
from decimal import Decimal
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase): pass

class Customer(Base):
    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50), unique=True)

class Order(Base):
    __tablename__ = "order"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    total: Mapped[Decimal] = mapped_column(sa.Numeric(10, 2))
"""
TESTS = """
import pytest, sqlalchemy as sa
from shop import Customer, Order

def fill(session):
    ada = Customer(name="Ada")
    session.add(ada)
    session.flush()
    session.add_all([Order(customer_id=ada.id, total=20), Order(customer_id=ada.id, total="22.50")])
    session.commit()

@pytest.mark.parametrize("n", range(2))
def test_rows(session, golden, n):
    fill(session)
    query = sa.select(Customer.name, sa.func.sum(Order.total)).join(Order).group_by(Customer.name)
    assert session.execute(query) == golden.rows

def test_state(session, golden):
    fill(session)
    with golden.step("raise"):
        session.execute(sa.update(Order).where(Order.total > 20).values(total=Order.total + 1))
        session.add(Customer(name="Bob"))
        session.commit()
    assert session == golden.state

def test_raw(session, golden):
    with golden.step("raw"):
        with session.connection().connection.cursor() as cursor:
            cursor.execute("INSERT INTO customer (name) VALUES (%s)", ("Cy",))
    assert session == golden.state
"""
STATE = """\
## raise

### customer

```diff
+ customer#2: name='Bob'
```

### order

```diff
~ order#1: total 22.5 -> 23.5
```
"""


@pytest.fixture(scope="module")
def socket():
    """Start a server in a folder with a short name, which a socket needs; end it with the module."""
    folder = Path(tempfile.mkdtemp(prefix="query-snapshot-maria-"))
    install = [
        INSTALL,
        "--no-defaults",
        f"--datadir={folder / 'data'}",
        "--auth-root-authentication-method=normal",
    ]
    subprocess.run([*install, "--user=root"], check=True, capture_output=True)
    path = folder / "socket"
    options = [f"--datadir={folder / 'data'}", f"--socket={path}", "--skip-networking", "--user=root"]
    process = subprocess.Popen([SERVER, "--no-defaults", *options], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not path.exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield path
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def test_rows_and_states_on_mariadb_are_the_same_in_a_second_run(pytester, monkeypatch, socket):
    monkeypatch.delenv("CI", raising=False)
    pytester.makefile(".ini", pytest=INI)
    pytester.makepyfile(shop=SHOP, test_it=TESTS)
    pytester.makeconftest(CONFTEST.replace("{socket}", str(socket)))
    first = pytester.runpytest_inprocess("--snapshot-update")
    first.assert_outcomes(passed=4)
    first.stdout.fnmatch_lines(["*goldens compared on mysql: *written", "*isolation mode none*nothing*is undone"])
    folder = pytester.path / "__snapshots__" / "test_it"
    assert "| Ada | 42.5 |" in (folder / "test_rows[0].rows.md").read_text()
    state = (folder / "test_state.state.md").read_text()
    assert state.startswith(STATE)
    assert "customer#1: name='Cy'" in (folder / "test_raw.state.md").read_text()
    assert "VALUES (%s)" in (folder / "test_raw.mysql.sql").read_text()
    pytester.runpytest_inprocess().assert_outcomes(passed=4)
