"""Passwords: what a stranger may not learn from the clock."""

from argon2 import PasswordHasher

from tests.server.conftest import DECOY


def test_the_decoy_takes_as_long_as_a_password() -> None:
    """Else a login that nobody has could be told from a wrong password."""
    assert not PasswordHasher().check_needs_rehash(DECOY)
