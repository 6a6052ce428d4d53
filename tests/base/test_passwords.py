from __future__ import annotations

from billfold.base.passwords import hash_password, is_password, new_password


def test_a_password_is_stored_as_argon2id_and_recognised() -> None:
    password = new_password()
    stored = hash_password(password)
    assert stored.startswith("$argon2id$")
    assert is_password(password, stored)
    assert not is_password(password + "x", stored)


def test_a_new_password_is_long_and_never_the_same() -> None:
    assert len(new_password()) == 20
    assert new_password() != new_password()
