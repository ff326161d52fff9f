"""What can a moderator set up for their server?"""

from datetime import datetime

from bot.domain.cohorts import name_key
from bot.domain.errors import NotAllowed, NotFound, UserError
from bot.services.actors import Actor
from bot.services.records import Records
from bot.storage import cohorts, members
from bot.storage.cohorts import Cohort

NO_SUCH_COHORT = "There is no cohort of that name here. The list shows the ones there are."
LONGEST_NAME = 60
"""Characters of a cohort's name, so that it fits a button and a line on a phone."""


class CohortService:
    """Cohorts belong to one server each; who may do what is decided here, not by Discord."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def create(
        self, actor: Actor, guild_id: int, name: str, channel_id: int, may_manage: bool, now: datetime
    ) -> Cohort:
        """Make a cohort. Raises NotAllowed without Manage Server, UserError for a name that won't do."""
        _check(may_manage)
        name = " ".join(name.split())
        if not any(character.isalnum() for character in name) or len(name) > LONGEST_NAME:
            raise UserError(
                f"A cohort needs a name with letters or numbers, up to {LONGEST_NAME} characters, "
                "for example `Spring group`."
            )
        async with self._records.writing() as tx:
            creator = await members.of_discord(tx, actor.discord_id)
            made = await cohorts.create(
                tx,
                guild_id=guild_id,
                name=name,
                name_key=name_key(name),
                channel_id=channel_id,
                created_by=creator.id if creator else None,
                now=now,
            )
            cohort = await cohorts.by_name(tx, guild_id, name_key(name))
            if cohort is None or not made:
                raise UserError("There is a cohort of that name here already. Another name works.")
            return cohort

    async def to_invite(self, guild_id: int, name: str, may_manage: bool) -> Cohort:
        """The cohort whose invitation is to be posted; an empty name means the only one there is."""
        _check(may_manage)
        async with self._records.reading() as tx:
            if name:
                found = await cohorts.by_name(tx, guild_id, name_key(name))
                if found is None:
                    raise NotFound(NO_SUCH_COHORT)
                return found
            all_of_them = await cohorts.of_guild(tx, guild_id)
        if not all_of_them:
            raise UserError("There is no cohort here yet: `/cohort create` makes one, with a name and a channel.")
        if len(all_of_them) > 1:
            raise UserError("There are several cohorts here: please name the one to invite to.")
        return all_of_them[0]

    async def names(self, guild_id: int, may_manage: bool) -> list[str]:
        """For autocomplete; empty for a stranger."""
        if not may_manage:
            return []
        async with self._records.reading() as tx:
            return [cohort.name for cohort in await cohorts.of_guild(tx, guild_id)]

    async def posted(self, cohort_id: int, channel_id: int, message_id: int) -> None:
        """Remember where the invitation stands."""
        async with self._records.writing() as tx:
            await cohorts.keep_panel(tx, cohort_id, "invite", channel_id, message_id)


def _check(may_manage: bool) -> None:
    if not may_manage:
        raise NotAllowed("Setting up cohorts is for people with the Manage Server permission.")
