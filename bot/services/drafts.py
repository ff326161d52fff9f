"""Which words could not be used as they were, and are kept for a day?"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import NotFound
from bot.services.actors import Actor, NotJoined
from bot.services.records import Records
from bot.storage import members, texts

DRAFT_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form as it was sent: its custom_id, and what was in its fields."""

    form: str
    values: dict[str, str]


class DraftService:
    """Drafts are locked like any private text, and belong to whoever wrote them."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def keep(self, actor: Actor, draft: Draft, now: datetime) -> int:
        """Keep a draft for 24 hours and return its id. Raises NotJoined for somebody who has no records."""
        locked = self._records.vault.lock(json.dumps(draft.values))
        async with self._records.writing() as tx:
            member = await members.of_discord(tx, actor.discord_id)
            if member is None:
                raise NotJoined
            return await texts.keep_draft(tx, member.id, draft.form, locked.key_no, locked.cipher, now + DRAFT_LASTS)

    async def find(self, actor: Actor, draft_id: int, now: datetime) -> Draft:
        """A member's own draft; raises NotFound for anything else."""
        async with self._records.reading() as tx:
            member = await members.of_discord(tx, actor.discord_id)
            found = await texts.draft(tx, member.id, draft_id, now) if member else None
        if found is None:
            raise NotFound("Those words were kept for a day, and are gone now. `/today` opens a new form.")
        return Draft(form=found.form, values=json.loads(self._records.vault.unlock(found.cipher)))
