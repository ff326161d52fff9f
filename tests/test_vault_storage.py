"""Private words lie in ciphers, and the key that opens them is never lost by a mistake of ours."""

import stat
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.blocks import Typed
from bot.domain.check_ins import Outcome
from bot.domain.phases import Phase
from bot.services import Services
from bot.services.check_ins import Words
from bot.services.drafts import Draft
from bot.services.records import Records
from bot.storage import meta
from bot.vault import KeyMissing, Vault, open_vault
from tests.conftest import People, VirtualClock

OLD, NEW, OTHER = (urlsafe_b64encode(letter * 32) for letter in (b"a", b"b", b"c"))


def only_key(file: Path) -> bytes:
    [key] = file.read_bytes().split()
    return key


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "down" / "comeback.key"
    first = open_vault(file, None)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key = only_key(file)
    again = open_vault(file, first.fingerprint)
    assert only_key(file) == key
    assert again.unlock(first.lock("a line").cipher) == "a line"


def test_a_key_that_is_gone_is_missed_and_never_replaced(tmp_path: Path) -> None:
    file = tmp_path / "comeback.key"
    in_use = open_vault(file, None).fingerprint
    file.unlink()
    with pytest.raises(KeyMissing, match="COMEBACK_KEY_FILE"):
        open_vault(file, in_use)
    assert not file.exists()


@pytest.mark.parametrize("content", [OTHER, OTHER + b"\n" + NEW, b"", b"not a key", NEW[:20]])
def test_a_file_without_the_key_in_use_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "comeback.key"
    file.write_bytes(content)
    with pytest.raises(KeyMissing) as error:
        open_vault(file, Vault([OLD]).fingerprint)
    assert str(file) in str(error.value)
    assert OTHER.decode() not in str(error.value)
    assert file.read_bytes() == content


def test_after_a_rotation_new_words_take_the_new_key_and_old_ones_are_still_read(tmp_path: Path) -> None:
    file = tmp_path / "comeback.key"
    file.write_bytes(OLD + b"\n")
    before = open_vault(file, None)
    old = before.lock("old line")
    file.write_bytes(OLD + b"\n" + NEW + b"\n")
    both = open_vault(file, before.fingerprint)
    new = both.lock("new line")
    assert (old.key_no, new.key_no) == (1, 2)
    assert (both.unlock(old.cipher), both.unlock(new.cipher)) == ("old line", "new line")
    assert Vault([NEW]).unlock(new.cipher) == "new line"
    with pytest.raises(KeyMissing):
        Vault([NEW]).unlock(old.cipher)
    assert both.fingerprint == Vault([NEW]).fingerprint != before.fingerprint


def test_a_fingerprint_names_a_key_without_telling_it() -> None:
    assert Vault([OLD]).fingerprint != Vault([NEW]).fingerprint
    assert Vault([OLD]).fingerprint.encode() not in OLD
    assert len(Vault([OLD]).fingerprint) == 16


def test_the_same_words_never_look_the_same() -> None:
    vault = Vault([OLD])
    assert vault.lock("tired").cipher != vault.lock("tired").cipher


async def test_the_key_in_use_is_remembered_beside_the_records(records: Records) -> None:
    async with records.reading() as tx:
        assert await meta.value(tx, "key_fingerprint") == records.vault.fingerprint


async def test_records_whose_key_is_gone_rest_and_make_no_other(records: Records, tmp_path: Path) -> None:
    await records.close()
    key = tmp_path / "comeback.key"
    moved = key.rename(tmp_path / "elsewhere.key")
    for _ in range(2):
        with pytest.raises(KeyMissing):
            await records.open()
        assert not records.are_open
        assert not key.exists()
    moved.rename(key)
    await records.open()
    assert records.are_open


async def test_a_rotated_key_is_the_one_in_use_from_then_on(records: Records, tmp_path: Path) -> None:
    locked = records.vault.lock("a line").cipher
    await records.close()
    key = tmp_path / "comeback.key"
    key.write_bytes(key.read_bytes() + NEW + b"\n")
    await records.open()
    assert records.vault.unlock(locked) == "a line"
    async with records.reading() as tx:
        assert await meta.value(tx, "key_fingerprint") == Vault([NEW]).fingerprint


def raw(folder: Path) -> bytes:
    """Every byte of the database and of what lies beside it, the key apart."""
    files = sorted(folder.glob("comeback.db*"))
    assert {"comeback.db", "comeback.db-wal"} <= {file.name for file in files}
    return b"".join(file.read_bytes() for file in files)


async def test_a_stolen_database_tells_no_line_no_note_no_draft_and_no_message(
    services: Services, people: People, clock: VirtualClock, tmp_path: Path
) -> None:
    """Not even what was taken back or replaced."""
    now = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
    moderator = people.actor(9, "Mod")
    cohort = await services.cohorts.create(moderator, 5, "Spring group", 6, may_manage=True, now=now)
    ana = people.actor()
    await services.joining.enrol(ana, 5, cohort.id, Phase.REBUILDING, "America/Chicago", "US", now)
    clock.set("2026-03-02 21:30")
    day = date(2026, 3, 2)
    await services.check_ins.answer(people.actor(), day, Outcome.SOME, clock())
    for version, line in enumerate(("canary-line-one", "canary-line-two", "", "canary-line-three"), start=1):
        words = Words(questions="12", mood=2, line=line)
        acting = people.actor()
        answered = await services.check_ins.describe(
            acting, day, words, clock(), operation=f"evening:{version}", instead_of=version
        )
        assert (answered.stale, answered.check_in.has_line) == (False, bool(line))
        assert (await services.check_ins.of_day(people.actor(), day, clock())).line == line
    values = {"questions": "canary-draft", "line": "canary-draft"}
    await services.drafts.keep(people.actor(), Draft(form="evening", values=values), clock())
    typed = Typed(amount="20", note="canary-note")
    logged = await services.blocks.log(people.actor(), typed, clock(), operation="log:1")
    await services.blocks.take_back(people.actor(), logged.entry.id, clock())
    [attempt] = await services.delivery.claim(clock(), 45)
    assert "this is where I'll write to you" in attempt.payload

    found = raw(tmp_path)
    assert b"Spring group" in found, "what is stored openly is seen, so the search sees"
    for secret in (b"canary", b"this is where I", b"moderators included"):
        assert secret not in found
