"""By which form of a text documents are found."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from server.drive.grams import fold


@given(st.text() | st.text("ＲＯ－４００，（）…℃①㎡㍿ｶﾞﾊﾟ\u3099ﬁ½\u00a0\u3000²水a", max_size=30))
def test_a_text_is_folded_as_it_would_be_sign_by_sign(text: str) -> None:
    """The short way says what the standard's own form without case does."""
    assert fold(text) == unicodedata.normalize("NFKC", text).casefold()
