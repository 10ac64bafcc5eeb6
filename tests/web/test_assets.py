"""What browsers load is a program of fewer letters, and still the same program."""

import re

import pytest

from web.assets import OURS, STATIC, small

MODULES = sorted(path.name for path in (STATIC / "js").glob("*.js"))


def declarators(program: str, start: int) -> list[str]:
    """What a `const` or `let` whose list begins at `start` declares: "name=value" each."""
    found, depth, begun, quoted = [], 0, start, ""
    for at in range(start, len(program)):
        sign = program[at]
        if quoted:
            quoted = "" if sign == quoted and program[at - 1] != "\\" else quoted
        elif sign in "\"'`":
            quoted = sign
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        if not quoted and (depth < 0 or (depth == 0 and sign in ",;")):
            found.append(program[begun:at])
            begun = at + 1
            if sign != ",":
                return found
    return [*found, program[begun:]]


def too_early(program: str) -> list[str]:
    """Destructurings that need what is declared after them in the same list."""
    wrong = []
    for begin in re.finditer(r"\b(?:const|let)(?=[\[{])", program):
        first, *rest = declarators(program, begin.end())
        later = {one.partition("=")[0] for one in rest}
        needs = set(
            re.findall(r"(?<![.\w$])[A-Za-z_$][\w$]*", first.partition("]=" if first[0] == "[" else "}=")[2])
        )
        wrong += [first for _ in needs & later]
    return wrong


@pytest.mark.parametrize("name", MODULES)
def test_nothing_is_used_before_it_is_there(name: str) -> None:
    """To save a blank the minifier puts a destructuring first in its list, sometimes before what it needs."""
    assert too_early(small(OURS["js"], (STATIC / "js" / name).read_bytes()).decode()) == []


def test_a_program_that_was_turned_round_is_noticed() -> None:
    """The minifier's own work on such a list, and two that are well."""
    source = (
        b"on('click', (event) => { const a = event.target.closest('b'), [c, d] = (a?.value ?? '').split(':');"
    )
    assert too_early(small(OURS["js"], source + b" if (!d) return; a.focus(); return c; })").decode())
    assert too_early("const[n,s]=f(t?.value),e=1;") == []
    assert too_early("let{n,s}=t,e=n.t") == []
