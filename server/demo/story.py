"""What a visit's story is made of, and a pack of cards to draw lines from without repeating oneself."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Talk = tuple[tuple[str, str], ...]
"""Replies by team-mates, each with the author's answer to it (empty: none)."""

ANY = "fhdptso"
"""Every kind of place there is."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Story:
    """One visit in words. `kinds`: of places where it can happen; `at`: the one place where it did, once."""

    kinds: str
    result: str
    note: str
    said: str
    next_step: str = ""
    amount: int = 0
    during: Talk = ()
    after: Talk = ()
    at: str = ""

    def fits(self, kind: str, result: str) -> bool:
        """Whether it can be told of any such place; an empty result fits all."""
        return not self.at and kind in self.kinds and result in ("", self.result)


@dataclass(frozen=True, slots=True)
class Words:
    """All the lines of one language. In `messages`, `{name}` is the team-mate who answers first."""

    stories: Sequence[Story]
    cheers: Sequence[str]
    comfort: Sequence[str]
    messages: Sequence[tuple[str, Talk]]
    far: Sequence[tuple[str, str]]
    arrived: Sequence[str]
    heard: Sequence[str]
    calls: Sequence[tuple[str, str, str]]  # kind, what is asked, what is answered


class Deck(Generic[T]):
    """Cards drawn at random, none twice before all were; the last one never first after a shuffle."""

    def __init__(self, rng: random.Random, cards: Sequence[T]) -> None:
        self.rng, self.cards = rng, cards
        self.left: list[T] = []
        self.last: T | None = None

    def draw(self, fits: Callable[[T], bool] = lambda card: True) -> T:
        """The next card that fits; there must be one."""
        if not any(fits(card) for card in self.left):
            fresh = [card for card in self.cards if card not in self.left and card != self.last]
            self.rng.shuffle(fresh)
            self.left += fresh
        card = next((card for card in self.left if fits(card)), None)
        if card is None:  # only the last one fits
            card = next(card for card in self.cards if fits(card))
        else:
            self.left.remove(card)
        self.last = card
        return card
