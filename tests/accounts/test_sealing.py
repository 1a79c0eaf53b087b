"""What is sealed for one session is opened by no other."""

import pytest

from accounts.issuing.sealing import CannotOpen, new_pair, open_sealed, seal


def test_the_private_half_opens_what_was_sealed_to_the_public_one() -> None:
    private, public = new_pair()
    assert open_sealed(seal(b"slips", to=public), private=private) == b"slips"


def test_another_key_opens_nothing() -> None:
    _private, public = new_pair()
    stranger, _public = new_pair()
    with pytest.raises(CannotOpen):
        open_sealed(seal(b"slips", to=public), private=stranger)


def test_what_was_changed_is_not_opened() -> None:
    private, public = new_pair()
    sealed = bytearray(seal(b"slips", to=public))
    sealed[-1] ^= 1
    with pytest.raises(CannotOpen):
        open_sealed(bytes(sealed), private=private)


def test_the_same_sheet_is_sealed_differently_each_time() -> None:
    _private, public = new_pair()
    assert seal(b"slips", to=public) != seal(b"slips", to=public)
