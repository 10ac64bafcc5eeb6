"""A brief run leaves out half of what has two kinds, and what goes far; the rest has that alone."""

from types import SimpleNamespace
from typing import Any

from tests.bed.once import FAR, KINDS, part, wanted


def item(name: str, mark: str = "", **params: Any) -> Any:
    """As much of a collected test as matters."""
    spec = SimpleNamespace(params=params)
    return SimpleNamespace(nodeid=name, callspec=spec, get_closest_marker=lambda of: of == mark)


def test_each_has_one_of_its_kinds() -> None:
    """Exactly one, and over many tests either about as often."""
    taken = [
        kind
        for number in range(100)
        for kind in KINDS
        if wanted(item(f"test_x.py::test_{number}[{kind}-a]", setup=kind, other="a"))
    ]
    assert len(taken) == 100
    assert 30 < taken.count("scaled") < 70


def test_what_has_no_kind_stays() -> None:
    """By its name alone nothing is left out."""
    assert all(wanted(item(f"test_x.py::test_it[{kind}]", other=kind)) for kind in KINDS)
    assert wanted(SimpleNamespace(nodeid="test_x.py::test_scaled"))  # type: ignore[arg-type]


def test_the_two_halves_are_the_whole() -> None:
    """No test is in both, and none in neither, also of those that go far."""
    plain = [item(f"test_x.py::test_y[{kind}]", setup=kind) for kind in KINDS]
    far = [item(f"test_x.py::test_z[{kind}]", FAR, setup=kind) for kind in KINDS]
    brief, rest = part([*plain, *far])
    assert len(brief) == 1
    assert brief[0] in plain
    assert [*brief, *rest] != rest == [one for one in [*plain, *far] if one is not brief[0]]
