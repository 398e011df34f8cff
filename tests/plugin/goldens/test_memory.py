"""What a session keeps of the tests that have ended."""

from __future__ import annotations


def test_session_keeps_no_rows_of_ended_tests(make_project):
    project = make_project("sqlite")
    project.test("""
        import gc
        from pytest_query_snapshot.goldens.context import GoldenContext
        from shop_schema import workspace

        def test_first(session, golden):
            session.execute(workspace.insert().values(id=1, name="a"))
            assert session.execute(workspace.select()) == golden

        def test_second():
            gc.collect()
            assert not [each for each in gc.get_objects() if isinstance(each, GoldenContext)]
    """)
    project.run("--snapshot-update").assert_outcomes(passed=2)
