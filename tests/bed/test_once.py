"""A quick run leaves out half of what has two kinds, and nothing else."""

from types import SimpleNamespace
from typing import Any

from tests.bed.once import KINDS, wanted


def item(name: str, **params: Any) -> Any:
    """As much of a collected test as matters."""
    return SimpleNamespace(nodeid=name, callspec=SimpleNamespace(params=params))


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
