"""A cohort with a private queue, its moderators, a member, and whoever keeps the queue."""

from dataclasses import dataclass
from typing import Any

import discord

from bot.messenger import LibraryWire
from bot.queue_keeper import QueueKeeper
from bot.sender import Answer, Pace
from tests.conftest import World, buttons

COHORT = "Group of ana"


class Wire:
    """What the keeper reaches of Discord, with answers of one's own for some requests."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._wire = LibraryWire(world.env.bot.http)
        self.knows_servers = True
        """False as before the gateway has said which servers there are."""
        self.asked: list[tuple[str, str]] = []
        self.answers: list[tuple[str, str, Any]] = []
        """Method, part of a path, and the answer or what is raised: then it happens, and its answer is lost."""

    async def __call__(self, method: str, path: str, body: str | None = None, picture: bytes | None = None) -> Answer:
        self.asked.append((method, path))
        for answer in self.answers:
            if answer[0] == method and answer[1] in path:
                self.answers.remove(answer)
                if isinstance(answer[2], Answer):
                    return answer[2]
                await self._wire(method, path, body, picture)
                raise answer[2]
        return await self._wire(method, path, body, picture)

    def guild(self, guild_id: int) -> discord.Guild | None:
        return self._world.bot.get_guild(guild_id) if self.knows_servers else None


@dataclass
class Queue:
    """What stands in it, and what happens to it."""

    world: World
    wire: Wire
    keeper: QueueKeeper
    channel: Any
    role: Any
    mo: Any
    sam: Any

    async def look(self) -> None:
        """The keeper looks until nothing is left to do for now."""
        for _ in range(3):
            await self.keeper.look()
        await self.world.env.settle(idle=0.002)

    async def after(self, **passed: float) -> None:
        """Time passes, and the keeper looks."""
        self.world.clock.move(**passed)
        await self.look()

    async def restart(self) -> None:
        """The program ends and starts again on the same records."""
        await self.world.restart()
        self.wire = Wire(self.world)
        self.keeper = keeper_of(self.world, self.wire)

    @property
    def messages(self) -> list[discord.Message]:
        """What the moderators see, oldest first."""
        return [message for message in self.channel.history() if not message.flags.ephemeral]

    @property
    def request(self) -> discord.Message:
        """The message of the newest request."""
        return [message for message in self.messages if "Somebody has waited" not in message.content][-1]

    @property
    def reminders(self) -> list[discord.Message]:
        return [message for message in self.messages if "Somebody has waited" in message.content]

    async def ask(self, person: Any = None, line: str = "") -> Any:
        """Somebody asks, and the keeper looks. Returns what they see."""
        person = person or self.world.ana
        shown = (await person.slash(self.world.channel, "human")).response
        if line:
            form = await person.click(shown, label="Add a line")
            shown = (await person.submit_modal(form, {"line": line})).response
        sent = await person.click(shown, label="Send it")
        await self.look()
        return sent.response

    async def press(self, person: Any, label: str, message: Any = None) -> Any:
        """A moderator presses a button, and the keeper looks. Returns what they alone see."""
        result = await person.click(message or self.request, label=label)
        await self.look()
        return result.response

    async def panel(self, person: Any = None) -> str:
        return str((await (person or self.world.ana).slash(self.world.channel, "human")).response.content)

    async def today(self, person: Any = None) -> str:
        return str((await (person or self.world.ana).slash(self.world.channel, "today")).response.content)

    def words(self, person: Any = None) -> list[str]:
        """What the member was told by DM about what they asked, without the part for a locked phone."""
        texts = [message.content for message in self.world.dms(person or self.world.ana)]
        return [text.split("\n\n", 1)[1] for text in texts if text.startswith("Hello") and "your eyes only" in text]

    async def duty(self, person: Any, **options: Any) -> Any:
        return (await person.slash(self.world.channel, "queue duty", **options)).response


def keeper_of(world: World, wire: Wire) -> QueueKeeper:
    """The keeper as the program builds it, at no pace."""
    return QueueKeeper(world.services.queue_keeping, wire, world.clock, wire.guild, Pace(10**6))


def private_channel(world: World, role: Any, name: str = "requests") -> Any:
    """A channel for a role, the bot, and whoever set it up."""
    bot = world.env.bot.user
    assert bot is not None
    seen, unseen = discord.PermissionOverwrite(view_channel=True), discord.PermissionOverwrite(view_channel=False)
    return world.guild.create_text_channel(
        name, overwrites={world.guild.default_role: unseen, role: seen, bot: seen, world.moderator: seen}
    )


async def opened(world: World, named: int = 2, on: bool = False) -> Queue:
    """A cohort that Ana joined, whose queue two moderators look after; `on` duty at all hours, or not."""
    await world.join(world.ana)
    role = world.guild.create_role("Guides", mentionable=True)
    mo, sam = (
        world.guild.add_member(world.env.create_user(name.lower(), global_name=name), roles=[role])
        for name in ("Mo", "Sam")
    )
    channel = private_channel(world, role)
    done = await world.moderator.slash(world.channel, "cohort edit", cohort=COHORT, moderators=role, queue=channel)
    assert "Requests stand in" in done.response.content, done.response.content
    for moderator in (mo, sam)[:named]:
        await moderator.slash(world.channel, "queue duty", on=on)
    wire = Wire(world)
    return Queue(world=world, wire=wire, keeper=keeper_of(world, wire), channel=channel, role=role, mo=mo, sam=sam)


def labels(message: Any) -> list[str]:
    return list(buttons(message))
