"""Where do a member's private words lie? Only ciphers pass here."""

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Words that could not be saved yet, locked."""

    form: str
    cipher: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A text that is kept, locked."""

    id: int
    cipher: bytes


async def newest(tx: Transaction, member_id: int, kind: str) -> Kept | None:
    """A member's last text of a kind."""
    return await tx.maybe(
        Kept,
        "SELECT id, cipher FROM texts WHERE member_id = :member_id AND kind = :kind ORDER BY id DESC LIMIT 1",
        member_id=member_id,
        kind=kind,
    )


async def add(tx: Transaction, member_id: int, kind: str, key_no: int, cipher: bytes, now: datetime) -> int:
    """Keep a text and return its id."""
    return await tx.one(
        int,
        """INSERT INTO texts (member_id, kind, key_no, cipher, at)
           VALUES (:member_id, :kind, :key_no, :cipher, :now) RETURNING id""",
        member_id=member_id,
        kind=kind,
        key_no=key_no,
        cipher=cipher,
        now=now,
    )


async def replace(tx: Transaction, member_id: int, text_id: int, key_no: int, cipher: bytes) -> None:
    await tx.execute(
        """UPDATE texts SET key_no = :key_no, cipher = :cipher
           WHERE id = :text_id AND member_id = :member_id""",
        member_id=member_id,
        text_id=text_id,
        key_no=key_no,
        cipher=cipher,
    )


async def remove(tx: Transaction, member_id: int, text_id: int) -> None:
    await tx.execute(
        "DELETE FROM texts WHERE id = :text_id AND member_id = :member_id",
        member_id=member_id,
        text_id=text_id,
    )


async def keep_draft(
    tx: Transaction, member_id: int, form: str, key_no: int, cipher: bytes, expires_at: datetime
) -> int:
    """Keep a draft and return its id."""
    return await tx.one(
        int,
        """INSERT INTO drafts (member_id, form, key_no, cipher, expires_at)
           VALUES (:member_id, :form, :key_no, :cipher, :expires_at) RETURNING id""",
        member_id=member_id,
        form=form,
        key_no=key_no,
        cipher=cipher,
        expires_at=expires_at,
    )


async def draft(tx: Transaction, member_id: int, draft_id: int, now: datetime) -> Draft | None:
    """A member's own draft, while it lasts."""
    return await tx.maybe(
        Draft,
        """SELECT form, cipher FROM drafts
           WHERE id = :draft_id AND member_id = :member_id AND expires_at > :now""",
        member_id=member_id,
        draft_id=draft_id,
        now=now,
    )


async def purge_drafts(tx: Transaction, now: datetime) -> None:
    await tx.execute("DELETE FROM drafts WHERE expires_at <= :now", now=now)
