"""By which form of a text documents are found."""

import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from server.drive.grams import fold, fold_signs
from server.search.terms import SIGN, runs

TEXTS = st.text() | st.text("ＲＯ－４００，（）…℃①㎡㍿ｶﾞﾊﾟ\u3099ﬁ½\u00a0\u3000²水a〸か⼀", max_size=30)


@given(TEXTS)
def test_a_text_is_folded_as_it_would_be_sign_by_sign(text: str) -> None:
    """The short way says what the standard's own form without case does."""
    assert fold(text) == unicodedata.normalize("NFKC", text).casefold()


def signs(text: str) -> list[str]:
    """The runs of signs in a folded text."""
    return [run.group() for run in runs(text) if SIGN.match(run.group())]


@given(TEXTS)
def test_the_signs_of_a_text_are_those_of_its_whole_fold(text: str) -> None:
    """However little of it is folded."""
    assert signs(fold_signs(text)) == signs(fold(text))


def test_no_sign_is_missed_that_another_stands_for() -> None:
    """Of all there are."""
    for code in range(sys.maxunicode + 1):
        assert signs(fold_signs(chr(code))) == signs(fold(chr(code))), hex(code)
