"""How does a member hear how their request stands? By DM, once; where that can't be, it waits on their panel."""

import json
import logging

from bot.queue_wire import NOT_OURS, UNREACHABLE, QueueWire, by_itself
from bot.services.clock import Clock
from bot.services.queue_keeping import QueueKeepingService
from bot.storage.help_requests import OwedNotice
from bot.ui import help_notices as to_members

log = logging.getLogger(__name__)


class QueueNotices:
    """Says what is owed to members who asked."""

    def __init__(self, keeping: QueueKeepingService, wire: QueueWire, clock: Clock) -> None:
        self._keeping = keeping
        self._wire = wire
        self._clock = clock

    async def tell(self) -> None:
        """Every word that is owed by now."""
        for notice in await self._keeping.notices_owed():
            await by_itself("word to the member", notice.asked.id, self._tell_one(notice))

    async def _tell_one(self, notice: OwedNotice) -> None:
        mark = to_members.mark(notice)
        answer = await self._wire.post_once(notice.channel_id, (mark,), to_members.body_of(notice))
        if isinstance(answer, int):
            await self._keeping.told(notice)
        elif answer.status == 403 and answer.code in UNREACHABLE:
            await self._keeping.refused(notice, answer.code, self._clock())
        elif answer.status == 403 and answer.code not in (*NOT_OURS, answer.status):
            log.warning("request %s: no word by DM (code %s); it waits on the panel", notice.asked.id, answer.code)
            await self._keeping.not_by_dm(notice)
        elif answer.status == 404:
            await self._open_dm(notice)
        elif answer.status == 400:
            log.error("request %s: the word to the member is malformed (code %s)", notice.asked.id, answer.code)
            await self._keeping.told(notice)
        else:
            log.warning("request %s: the member can't be told yet (status %s)", notice.asked.id, answer.status)

    async def _open_dm(self, notice: OwedNotice) -> None:
        """The known DM channel is gone: the word goes into a new one, or waits where the member looks next."""
        body = json.dumps({"recipient_id": str(notice.discord_id)})
        answer = await self._wire.ask("POST", "/users/@me/channels", body)
        if answer.status in (200, 201) and int(answer.body["id"]) != notice.channel_id:
            await self._keeping.dm_opened(notice, int(answer.body["id"]), self._clock())
        elif answer.code in (*NOT_OURS, 403) or answer.status in (401, 429) or answer.status >= 500:
            log.warning("request %s: no DM can be opened yet (status %s)", notice.asked.id, answer.status)
        else:
            await self._keeping.not_by_dm(notice)
