"""What is known of long statements is forgotten after a few others."""

from __future__ import annotations

from pytest_query_snapshot.goldens.formats.sql_changes import classify_sql
from pytest_query_snapshot.sql.text_cache import FEW, LONG, cached_by_text, forget_long_texts


def test_few_answers_about_long_texts_are_kept():
    asked = []

    @cached_by_text(maxsize=100)
    def length(sql, *, dialect=""):
        asked.append(sql[-2:])
        return len(sql)

    short, long = ([f"{'x' * size}{number:02}" for number in range(FEW + 1)] for size in (1, LONG))
    for texts in (short, long):
        asked.clear()
        for text in (*texts, texts[0], texts[-1]):
            assert length(text, dialect="sqlite") == len(text)
        again = asked[FEW + 1 :]
        assert again == ([] if texts is short else ["00"])


def test_a_comparison_leaves_nothing_of_long_texts():
    text = f"SELECT '{'x' * LONG}' FROM run WHERE id = "
    asked = []

    @cached_by_text(maxsize=100)
    def length(sql):
        asked.append(len(sql))
        return len(sql)

    length(text)
    length("short")
    classify_sql(f"{text}1;\n-- 1 row\n", f"{text}2;\n-- 1 row\n")
    length(text)
    length("short")
    assert asked == [len(text), len("short"), len(text)]
    forget_long_texts()
    forget_long_texts()  # there may be nothing to forget


def test_a_golden_leaves_nothing_of_long_texts(make_project):
    project = make_project("sqlite")
    project.test(
        """
        from sqlalchemy import text
        from pytest_query_snapshot.sql.lexer import canonical
        from pytest_query_snapshot.sql.text_cache import LONG

        def test_long(golden):
            assert text(f"SELECT '{'x' * LONG}'") == golden.sql

        def test_nothing_is_left():
            few = next(
                cell.cell_contents for cell in canonical.__closure__
                if getattr(cell.cell_contents, "cache_info", None) and cell.cell_contents.cache_info().maxsize == 8
            )
            assert few.cache_info().currsize == 0
        """
    )
    project.run("--snapshot-update")
    project.run().assert_outcomes(passed=2)
