"""What is known of long statements is forgotten after a few others."""

from __future__ import annotations

from pytest_query_snapshot.sql.text_cache import FEW, LONG, cached_by_text


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
