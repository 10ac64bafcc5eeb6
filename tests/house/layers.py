"""Who may import whom, by the contracts in pyproject.toml. `python -m tests.house.layers`"""

from importlinter.cli import lint_imports


def check() -> bool:
    """True when every contract is kept; says which is not."""
    return lint_imports(no_cache=True, no_logo=True) == 0


if __name__ == "__main__":
    raise SystemExit(0 if check() else 1)
