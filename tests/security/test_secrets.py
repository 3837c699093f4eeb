"""Secrets at rest, their key ring, and what is masked."""

from __future__ import annotations

import base64
import json
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandrake.domain.ids import ScopeId
from mandrake.errors import InvalidInput, MandrakeError, NotFound, Unavailable
from mandrake.kit.redaction import MASK, Redactor, looks_secret
from mandrake.security.key_ring import KeyRing
from mandrake.security.secrets import SecretStore
from mandrake.tenancy.access import OWNER, access_installation, access_scope

pytestmark = pytest.mark.anyio
HOME = access_installation(OWNER)
ALPHA = access_scope(OWNER, ScopeId("ws_alpha"))
BETA = access_scope(OWNER, ScopeId("ws_beta"))
NOW = datetime(2026, 11, 20, tzinfo=UTC)


async def open_store(folder: Path, redactor: Redactor | None = None) -> SecretStore:
    return await SecretStore.open(
        folder / "secrets.db", folder / "keys/ring.json", redactor or Redactor()
    )


async def test_a_value_comes_back_and_stands_nowhere_in_clear(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    info = await store.set(HOME, "openai", "sk-a-long-value-1234")
    assert (info.name, info.hint) == ("openai", "…1234")
    assert await (await open_store(tmp_path)).resolve(HOME, "openai") == "sk-a-long-value-1234"
    assert await store.list(HOME) == (info,)
    for path in (tmp_path / "secrets.db", tmp_path / "keys/ring.json"):
        assert b"sk-a-long" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


async def test_scopes_do_not_see_each_other_and_fall_back_to_the_installation(
    tmp_path: Path,
) -> None:
    store = await open_store(tmp_path)
    await store.set(HOME, "shared", "from-home")
    await store.set(ALPHA, "own", "from-alpha")
    assert await store.resolve(BETA, "shared") == "from-home"
    await store.set(BETA, "shared", "from-beta")
    assert await store.resolve(BETA, "shared") == "from-beta"
    assert await store.resolve(ALPHA, "shared") == "from-home"
    with pytest.raises(NotFound):
        await store.resolve(BETA, "own")
    with pytest.raises(NotFound):
        await store.resolve(HOME, "own")
    assert [info.name for info in await store.list(BETA)] == ["shared"]
    await store.remove(BETA, "shared")
    assert await store.resolve(BETA, "shared") == "from-home"
    with pytest.raises(NotFound):
        await store.remove(BETA, "shared")
    await store.remove_scope(HOME, ALPHA.scope_id)
    assert await store.list(ALPHA) == ()


@pytest.mark.parametrize("change", ["scope_id = 'ws_beta'", "name = 'other'"])
async def test_a_ciphertext_moved_elsewhere_does_not_open(tmp_path: Path, change: str) -> None:
    store = await open_store(tmp_path)
    await store.set(ALPHA, "own", "value-of-alpha")
    with sqlite3.connect(tmp_path / "secrets.db") as connection:
        connection.execute(f"UPDATE secrets SET {change}")
    connection.close()
    grant, name = (BETA, "own") if "scope" in change else (ALPHA, "other")
    with pytest.raises(Unavailable, match="does not open") as caught:
        await store.resolve(grant, name)
    assert "value-of-alpha" not in str(caught.value)


async def test_a_damaged_ciphertext_does_not_open(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    await store.set(HOME, "a", "value")
    with sqlite3.connect(tmp_path / "secrets.db") as connection:
        connection.execute("UPDATE secrets SET ciphertext = zeroblob(length(ciphertext))")
    connection.close()
    with pytest.raises(Unavailable):
        await store.resolve(HOME, "a")


async def test_equal_values_are_sealed_differently(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    await store.set(HOME, "a", "the same value")
    await store.set(HOME, "b", "the same value")
    with sqlite3.connect(tmp_path / "secrets.db") as connection:
        rows = connection.execute("SELECT nonce, ciphertext FROM secrets").fetchall()
    connection.close()
    assert len({row[0] for row in rows}) == len({row[1] for row in rows}) == 2


async def test_rotating_seals_anew_and_old_copies_still_open(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    await store.set(HOME, "a", "value-a")
    await store.set(ALPHA, "b", "value-b")
    old = (tmp_path / "secrets.db").read_bytes()
    assert await store.rotate() == "k2"
    assert (tmp_path / "secrets.db").read_bytes() != old
    again = await open_store(tmp_path)
    assert await again.resolve(HOME, "a") == "value-a"
    assert await again.resolve(ALPHA, "b") == "value-b"
    (tmp_path / "secrets.db").write_bytes(old)
    assert await (await open_store(tmp_path)).resolve(HOME, "a") == "value-a"
    await (await open_store(tmp_path)).rotate(drop_old_keys=True)
    (tmp_path / "secrets.db").write_bytes(old)
    with pytest.raises(Unavailable):
        await (await open_store(tmp_path)).resolve(HOME, "a")


async def test_a_lost_ring_is_not_replaced_while_secrets_exist(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    await store.set(HOME, "a", "value")
    ring = tmp_path / "keys/ring.json"
    content = ring.read_bytes()
    ring.unlink()
    with pytest.raises(Unavailable, match="missing"):
        await open_store(tmp_path)
    assert not ring.exists()
    ring.write_bytes(content)
    ring.chmod(0o600)
    assert await (await open_store(tmp_path)).resolve(HOME, "a") == "value"


async def test_the_ring_may_lie_outside_the_home(tmp_path: Path) -> None:
    outside = tmp_path / "outside/ring.json"
    store = await SecretStore.open(tmp_path / "secrets.db", outside, Redactor())
    await store.set(HOME, "a", "value")
    assert outside.exists()
    assert not (tmp_path / "keys").exists()


def test_a_ring_that_others_may_read_or_that_is_damaged_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ring.json"
    KeyRing.open(path, now=NOW, may_create=True)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(Unavailable, match="others") as caught:
        KeyRing.open(path, now=NOW, may_create=True)
    assert "chmod 600" in (caught.value.hint or "")
    path.chmod(0o600)
    good = json.loads(path.read_text("utf-8"))
    short = {**good, "keys": {"k1": {**good["keys"]["k1"], "key": "c2hvcnQ="}}}
    for content in ("", "{}", json.dumps({**good, "active": "k9"}), json.dumps(short)):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(Unavailable) as caught:
            KeyRing.open(path, now=NOW, may_create=True)
        assert good["keys"]["k1"]["key"] not in str(caught.value)
        assert path.read_text("utf-8") == content


@pytest.mark.parametrize("name", ["", "a/b", "../a", "a b", "x" * 65, "a\n", "-a", "ä"])
async def test_names_are_plain_words(tmp_path: Path, name: str) -> None:
    store = await open_store(tmp_path)
    with pytest.raises(InvalidInput):
        await store.set(HOME, name, "value")


@pytest.mark.parametrize("value", ["", "a\0b", "\ud800", "x" * 100_000])
async def test_values_that_no_server_could_be_given_are_refused(tmp_path: Path, value: str) -> None:
    store = await open_store(tmp_path)
    with pytest.raises(MandrakeError):
        await store.set(HOME, "a", value)


async def test_a_value_is_masked_once_it_was_set_or_read(tmp_path: Path) -> None:
    await (await open_store(tmp_path)).set(HOME, "a", 'p"ss word')
    redactor = Redactor()
    store = await open_store(tmp_path, redactor)
    assert redactor.mask('p"ss word') == 'p"ss word'
    await store.resolve(HOME, "a")
    encoded = base64.b64encode(b'p"ss word').decode()
    for form in ('p"ss word', json.dumps('p"ss word'), "p%22ss%20word", encoded):
        assert "ss" not in redactor.mask(f"<{form}>").replace(MASK, "")


# ---- redaction ----


@given(st.lists(st.text(min_size=4, max_size=12), max_size=4), st.text(max_size=20))
def test_no_known_value_survives_masking(values: list[str], around: str) -> None:
    redactor = Redactor()
    for value in values:
        redactor.add(value)
    masked = redactor.mask(around.join(["", *values, ""]))
    for value in values:
        assert value not in masked.replace(MASK, "\0") or value in MASK


def test_the_longer_of_two_secrets_disappears_as_a_whole() -> None:
    redactor = Redactor()
    redactor.add("abcd")
    redactor.add("abcdefgh")
    assert redactor.mask("abcdefgh") == MASK


def test_short_values_are_not_masked() -> None:
    redactor = Redactor()
    redactor.add("abc")
    assert redactor.mask("abc alphabet abc") == "abc alphabet abc"


@pytest.mark.parametrize(
    "text",
    [
        "sk-proj-abcdefghijklmnopqrstuv",
        "sk-ant-api03-abcdefghijklmnop",
        "ghp_abcdefghijklmnopqrst1234",
        "github_pat_abcdefghijklmnopqrst",
        "xoxb-1234567890-abc",
        "AKIAABCDEFGHIJKLMNOP",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-def",
        "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
    ],
)
def test_tokens_of_known_makers_are_masked_by_their_shape(text: str) -> None:
    assert Redactor().mask(f"error: {text} refused") == f"error: {MASK} refused"
    assert looks_secret(text)


def test_credentials_in_headers_and_addresses_are_masked() -> None:
    mask = Redactor().mask
    assert mask("Authorization: Bearer abcdefgh12345") == f"Authorization: Bearer {MASK}"
    assert mask("https://user:pass@example.com/x") == f"https://{MASK}@example.com/x"


@pytest.mark.parametrize(
    "text", ["the bearer of news", "risk-averse", "http://example.com:80/a@b", "a" * 100, ""]
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert Redactor().mask(text) == text


def test_masking_is_quick_on_long_text() -> None:
    redactor = Redactor()
    for number in range(50):
        redactor.add(f"secret-number-{number}")
    text = os.urandom(500_000).hex()
    started = datetime.now(UTC)
    redactor.mask(text)
    redactor.mask("://" * 100_000)
    redactor.mask("-----BEGIN " * 20_000)
    assert (datetime.now(UTC) - started).total_seconds() < 5
