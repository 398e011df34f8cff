"""A test that does something else each time: reads, commits, rolls back, DDL, leaves transactions and threads."""

import random
import threading
import time

import sqlalchemy as sa
from many_models import agent, engine, workspace

LEFT = []


def read(connection):
    assert connection.scalar(sa.select(sa.func.count()).select_from(workspace)) == 0


def write(connection):
    new = connection.execute(workspace.insert().values(name="a")).inserted_primary_key[0]
    connection.execute(agent.insert().values(workspace_id=new))


def commits():
    with engine.begin() as connection:
        write(connection)


def rolls_back():
    with engine.connect() as connection:
        write(connection)
        connection.rollback()


def changes_structure():
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE fresh (id integer)")
        write(connection)


def leaves_transaction():
    connection = engine.connect()
    write(connection)
    LEFT[:] = [connection]


def leaves_thread():
    started = threading.Event()

    def work():
        try:
            with engine.begin() as connection:
                write(connection)
                started.set()
                time.sleep(0.05)
        except sa.exc.DBAPIError:
            pass  # the connection was ended

    threading.Thread(target=work, daemon=True).start()
    started.wait(5)


def reads_only():
    pass


ACTIONS = [reads_only] * 8 + [commits] * 8 + [rolls_back] * 2 + [leaves_transaction, leaves_thread]


def test_anything(n):
    with engine.connect() as connection:
        read(connection)
    action = changes_structure if n % 40 == 7 else random.Random(n).choice(ACTIONS)
    action()
