"""What a session keeps of the tests that have ended."""

from __future__ import annotations


def test_session_keeps_nothing_of_ended_tests_not_even_for_the_garbage_collector(make_project, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    project = make_project("sqlite")
    project.test("""
        import gc
        import weakref
        from shop_schema import workspace

        kept = []

        def test_read(session, golden):
            gc.disable()
            kept.append(weakref.ref(golden._context))
            assert session.execute(workspace.select()) == golden

        def test_write(session, golden):
            kept.append(weakref.ref(golden._context))
            session.execute(workspace.insert().values(id=1, name="a"))
            kept.append(weakref.ref(session.connection().connection.dbapi_connection))
            assert session.execute(workspace.select()) == golden

        def test_nothing_is_kept():
            found = [each() for each in kept]
            gc.enable()
            assert found == [None, None, None]
    """)
    project.run("--snapshot-update").assert_outcomes(passed=3)
