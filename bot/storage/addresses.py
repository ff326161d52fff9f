"""Where can somebody be written to?"""

from datetime import datetime

from bot.storage.database import Transaction


async def opened(tx: Transaction, member_id: int, channel_id: int, now: datetime) -> None:
    """Keep the id of a member's DM channel."""
    await tx.execute(
        """INSERT INTO addresses (member_id, kind, channel_id, checked_at)
           VALUES (:member_id, 'dm', :channel_id, :now)
           ON CONFLICT (member_id, kind) WHERE member_id IS NOT NULL DO UPDATE SET
             channel_id = excluded.channel_id, checked_at = excluded.checked_at""",
        member_id=member_id,
        channel_id=channel_id,
        now=now,
    )


async def closed(tx: Transaction, member_id: int, code: int, now: datetime) -> None:
    """A message was refused with this code: nothing more is sent until the member opens the way again."""
    await tx.execute(
        """INSERT INTO addresses (member_id, kind, state, refused_code, checked_at)
           VALUES (:member_id, 'dm', 'closed', :code, :now)
           ON CONFLICT (member_id, kind) WHERE member_id IS NOT NULL DO UPDATE SET
             state = 'closed', refused_code = excluded.refused_code, checked_at = excluded.checked_at""",
        member_id=member_id,
        code=code,
        now=now,
    )


async def try_again(tx: Transaction, member_id: int) -> bool:
    """The member says their DMs are open now. Returns whether they counted as closed."""
    return bool(
        await tx.execute(
            """UPDATE addresses SET state = 'open', refused_code = NULL WHERE member_id = :member_id
                 AND kind = 'dm' AND state = 'closed'""",
            member_id=member_id,
        )
    )


async def forget_channel(tx: Transaction, member_id: int) -> None:
    """The DM channel is gone; the next message opens a new one."""
    await tx.execute(
        "UPDATE addresses SET channel_id = NULL WHERE member_id = :member_id AND kind = 'dm'",
        member_id=member_id,
    )
