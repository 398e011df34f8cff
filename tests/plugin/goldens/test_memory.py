"""What a session keeps of the tests that have ended."""

from __future__ import annotations


def test_session_keeps_no_rows_of_ended_tests(make_project, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    project = make_project("sqlite")
    project.test("""
        import gc
        import weakref
        from shop_schema import workspace

        contexts = []

        def test_first(session, golden):
            contexts.append(weakref.ref(golden._context))
            session.execute(workspace.insert().values(id=1, name="a"))
            assert session.execute(workspace.select()) == golden

        def test_second():
            gc.collect()
            assert [found() for found in contexts] == [None]
    """)
    project.run("--snapshot-update").assert_outcomes(passed=2)
