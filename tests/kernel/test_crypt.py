import os
import uuid
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from kernel import checks, crypt

from .models import Drawer

SECRET = "11010519491231002X"


@pytest.fixture(autouse=True)
def keys(settings: Any) -> Iterator[dict[str, bytes]]:
    settings.FIELD_KEYS = {"spring": os.urandom(32), "autumn-2026": os.urandom(32)}
    settings.FIELD_KEY_CURRENT = "spring"
    yield settings.FIELD_KEYS


@pytest.fixture
def only_drawers(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = [(Drawer, "first_cipher"), (Drawer, "second_cipher")]
    monkeypatch.setattr(crypt, "declared", lambda: iter(columns))


def stored(drawer: Drawer) -> bytes:
    return bytes(Drawer.objects.values_list("first_cipher", flat=True).get(pk=drawer.pk))


def test_a_secret_is_kept_as_ciphertext_and_read_back(drawer: Drawer) -> None:
    assert SECRET.encode() not in stored(drawer)
    assert Drawer.objects.get(pk=drawer.pk).first == SECRET
    assert Drawer.objects.get(pk=drawer.pk).second is None


@given(st.text())
def test_every_text_comes_back(text: str) -> None:
    assert crypt.decrypt(crypt.encrypt(text, bound="t|1|c"), bound="t|1|c") == text


def test_the_same_secret_never_looks_the_same() -> None:
    assert crypt.encrypt(SECRET, bound="x") != crypt.encrypt(SECRET, bound="x")


def test_a_ciphertext_moved_to_another_row_does_not_open(drawer: Drawer) -> None:
    other = Drawer.objects.create(first_cipher=stored(drawer))
    with pytest.raises(crypt.Unreadable):
        _ = other.first


def test_a_ciphertext_moved_to_another_column_does_not_open(drawer: Drawer) -> None:
    drawer.second_cipher = drawer.first_cipher
    with pytest.raises(crypt.Unreadable):
        _ = drawer.second


@pytest.mark.parametrize("place", range(0, 60, 4))
def test_a_flipped_bit_anywhere_is_noticed(drawer: Drawer, place: int) -> None:
    broken = bytearray(stored(drawer))
    broken[place % len(broken)] ^= 1
    drawer.first_cipher = bytes(broken)
    with pytest.raises(crypt.Unreadable):
        _ = drawer.first


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x01\x06spring", b"plain text", b"\x01\xff"])
def test_what_is_no_ciphertext_does_not_open(drawer: Drawer, broken: bytes) -> None:
    drawer.first_cipher = broken
    with pytest.raises(crypt.Unreadable):
        _ = drawer.first


def test_a_wrong_key_does_not_open_and_a_missing_one_says_so(drawer: Drawer, keys: dict[str, bytes]) -> None:
    keys["spring"] = os.urandom(32)
    with pytest.raises(crypt.Unreadable):
        _ = drawer.first
    del keys["spring"]
    with pytest.raises(crypt.KeyGone) as error:
        _ = drawer.first
    assert SECRET not in str(error.value)


def test_a_row_without_a_key_keeps_no_secret() -> None:
    with pytest.raises(ValueError, match="primary key"):
        Drawer(id=None).first = SECRET


def test_rotation_leaves_no_old_key_and_every_secret_readable(
    tables: None, db: None, settings: Any, only_drawers: None
) -> None:
    drawers = [Drawer(id=uuid.uuid4()) for _index in range(7)]
    for number, drawer in enumerate(drawers):
        drawer.first, drawer.second = f"first {number}", None
        drawer.save()
    settings.FIELD_KEY_CURRENT = "autumn-2026"
    with pytest.raises(CommandError, match="older keys: spring"):
        call_command("rotate_keys", check=True, stdout=StringIO())
    assert crypt.rotate(Drawer, "first_cipher", limit=3) == 3
    assert crypt.keys_in_use(Drawer, "first_cipher") == {"spring", "autumn-2026"}
    call_command("rotate_keys", stdout=StringIO())
    assert crypt.keys_in_use(Drawer, "first_cipher") == {"autumn-2026"}
    assert sorted(drawer.first for drawer in Drawer.objects.all()) == [f"first {n}" for n in range(7)]
    del settings.FIELD_KEYS["spring"]
    call_command("rotate_keys", check=True, stdout=StringIO())


def test_a_key_still_in_use_cannot_be_taken_away(drawer: Drawer, settings: Any, only_drawers: None) -> None:
    settings.FIELD_KEY_CURRENT = "autumn-2026"
    del settings.FIELD_KEYS["spring"]
    assert [error.id for error in checks.no_used_key_is_gone(None, databases=["default"])] == ["kernel.E004"]
    with pytest.raises(CommandError, match="lacks: spring"):
        call_command("rotate_keys", check=True, stdout=StringIO())
    with pytest.raises(crypt.KeyGone):
        call_command("rotate_keys", stdout=StringIO())


def test_unsound_keys_do_not_boot(settings: Any) -> None:
    assert checks.keys_are_sound(None) == []
    settings.FIELD_KEYS = {"short": b"x" * 16}
    settings.BLIND_INDEX_KEY = ""
    assert [error.id for error in checks.keys_are_sound(None)] == ["kernel.E001", "kernel.E002", "kernel.E003"]


def test_a_blind_index_finds_its_value_and_depends_on_key_and_purpose(settings: Any) -> None:
    found = crypt.blind(SECRET, purpose="identity")
    assert found == crypt.blind(SECRET, purpose="identity")
    assert len(found) == 64
    assert found != crypt.blind(SECRET, purpose="phone")
    settings.BLIND_INDEX_KEY = "another"
    assert found != crypt.blind(SECRET, purpose="identity")


def test_only_the_ends_of_a_secret_may_be_shown() -> None:
    assert crypt.masked(SECRET) == "1****************X"
    assert crypt.masked("ab") == "**"


def test_the_table_holds_no_trace_of_the_text(drawer: Drawer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT d::text FROM test_kernel_drawer d")
        assert SECRET.encode().hex() not in cursor.fetchone()[0]
