"""What is kept is as good as made anew, and no more than there is room for."""

from web.kept import Kept


def test_it_is_made_once_while_it_is_made_of_the_same() -> None:
    """And again when that has changed, also when it changes back."""
    made: list[str] = []
    kept: Kept[str] = Kept(2)

    def make(key: str, of: int) -> str:
        return kept.get(key, of, lambda: made.append(f"{key}{of}") or f"{key}{of}")

    assert [make("a", 1), make("a", 1), make("a", 2), make("a", 1)] == ["a1", "a1", "a2", "a1"]
    assert made == ["a1", "a2", "a1"]


def test_what_was_not_asked_for_longest_goes_first() -> None:
    """Asking is using."""
    kept: Kept[str] = Kept(2)
    for key in "aba":
        kept.get(key, 1, lambda key=key: key)
    kept.get("c", 1, lambda: "c")
    assert list(kept.things) == ["a", "c"]
