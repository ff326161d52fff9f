"""What does the loopback Discord consist of: people, servers, channels, messages, interactions?"""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

EPHEMERAL = 1 << 6
COMPONENTS_V2 = 1 << 15
# View channels, send messages, embed links, attach files, read history: what the bot asks for when invited.
BOT_PERMISSIONS = 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16
MANAGE_GUILD = 1 << 5
JOINED = "2026-01-01T00:00:00.000000+00:00"


class Snowflakes:
    """Ids that only grow and hold the time they were made, as discord.py reads ages out of them."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> int:
        now = (time.time_ns() // 1_000_000 - 1_420_070_400_000) << 22
        self._last = max(now, self._last + 1)
        return self._last


@dataclass(slots=True, eq=False)
class User:
    """A person, or the bot."""

    id: int
    name: str
    locale: str = "en-US"
    bot: bool = False
    refusal: int | None = None
    """The error code a direct message meets (50007 closed DMs, 50278 no server in common); None is open."""

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": None,
            "discriminator": "0000" if self.bot else "0",
            "avatar": None,
            "bot": self.bot,
            "primary_guild": None,
            "public_flags": 0,
            "flags": 0,
        }


@dataclass(slots=True, eq=False)
class Role:
    """A server's role; `permissions` are Discord's bits."""

    id: int
    name: str
    permissions: int = 0
    mentionable: bool = False
    position: int = 1

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(self.permissions),
            "mentionable": self.mentionable,
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "managed": False,
            "flags": 0,
        }


@dataclass(slots=True, eq=False)
class Channel:
    """A text channel (has a `guild`), direct messages (has a `recipient`), or a channel without the bot."""

    id: int
    name: str
    guild: "Guild | None" = None
    recipient: User | None = None
    messages: "list[Message]" = field(default_factory=list["Message"])
    """Oldest first, deleted and ephemeral ones left out."""

    def payload(self) -> Json:
        last = str(self.messages[-1].id) if self.messages else None
        if self.guild is None:
            recipients = [] if self.recipient is None else [self.recipient.payload()]
            return {
                "id": str(self.id),
                "type": 1,
                "recipients": recipients,
                "last_message_id": last,
                "flags": 0,
            }
        return {
            "id": str(self.id),
            "type": 0,
            "guild_id": str(self.guild.id),
            "name": self.name,
            "position": 0,
            "topic": None,
            "nsfw": False,
            "flags": 0,
            "rate_limit_per_user": 0,
            "parent_id": None,
            "permission_overwrites": [],
            "last_message_id": last,
        }


@dataclass(slots=True, eq=False)
class Member:
    """A person in a server; their rights are those of their roles, all of them for the owner."""

    user: User
    guild: "Guild"
    roles: list[Role]

    @property
    def permissions(self) -> int:
        if self.user is self.guild.owner:
            return (1 << 50) - 1
        bits = self.guild.everyone.permissions
        for role in self.roles:
            bits |= role.permissions
        return bits

    def payload(self) -> Json:
        return {
            "user": self.user.payload(),
            "roles": [str(role.id) for role in self.roles],
            "nick": None,
            "avatar": None,
            "banner": None,
            "joined_at": JOINED,
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
            "communication_disabled_until": None,
        }


@dataclass(slots=True, eq=False)
class Guild:
    """A server. With `present` False the bot is not in it: only user-installed commands come from there."""

    id: int
    name: str
    owner: User
    mint: Callable[[], int]
    present: bool = True
    locale: str = "en-US"
    everyone: Role = field(init=False)
    roles: list[Role] = field(init=False)
    channels: list[Channel] = field(default_factory=list[Channel])
    members: dict[int, Member] = field(default_factory=dict[int, Member])

    def __post_init__(self) -> None:
        # The @everyone role has the server's own id, and its members may use commands (bit 31).
        self.everyone = Role(self.id, "@everyone", 1 << 10 | 1 << 11 | 1 << 16 | 1 << 31, position=0)
        self.roles = [self.everyone]

    def add_role(self, name: str, *, permissions: int = 0, mentionable: bool = False) -> Role:
        """Not announced on the gateway: add roles and channels before the bot starts."""
        role = Role(self.mint(), name, permissions, mentionable, len(self.roles))
        self.roles.append(role)
        return role

    def add_channel(self, name: str) -> Channel:
        """A text channel; the first one added is where commands are typed unless a test says otherwise."""
        channel = Channel(self.mint(), name, guild=self)
        self.channels.append(channel)
        return channel

    def join(self, user: User, *roles: Role) -> Member:
        """Replaces the membership, roles included, of someone who is already in."""
        member = self.members[user.id] = Member(user, self, list(roles))
        return member

    def stub(self) -> Json:
        """What an interaction carries of its server."""
        return {"id": str(self.id), "locale": self.locale, "features": []}

    def payload(self, bot: User) -> Json:
        """A GUILD_CREATE for a bot without the members intent: of the members only the bot itself."""
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner.id),
            "icon": None,
            "unavailable": False,
            "member_count": len(self.members),
            "large": False,
            "joined_at": JOINED,
            "preferred_locale": self.locale,
            "roles": [role.payload() for role in self.roles],
            "channels": [channel.payload() for channel in self.channels],
            "members": [self.members[bot.id].payload()] if bot.id in self.members else [],
            "emojis": [],
            "stickers": [],
            "features": [],
            "threads": [],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "premium_progress_bar_enabled": False,
            "system_channel_flags": 0,
        }


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component, nested ones included, in the order in which they are shown."""
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        yield from walk([component[key] for key in ("accessory", "component") if key in component])


@dataclass(slots=True, eq=False)
class Upload:
    """A file that came with a request."""

    name: str
    data: bytes


@dataclass(slots=True, eq=False)
class Message:
    """A message as it stands now (edits change it); `body` is what was first sent."""

    id: int
    channel: Channel
    payload: Json
    body: Json
    uploads: list[Upload]
    created: float
    """Monotonic, comparable with `Request.at`."""
    interaction: "Interaction | None" = None
    """None for a message the bot sent unasked."""
    deleted: bool = False

    @property
    def content(self) -> str:
        return self.payload["content"]

    @property
    def ephemeral(self) -> bool:
        return bool(self.payload["flags"] & EPHEMERAL)

    @property
    def components(self) -> list[Json]:
        return list(walk(self.payload["components"]))

    @property
    def custom_ids(self) -> list[str]:
        return [part["custom_id"] for part in self.components if "custom_id" in part]

    @property
    def text(self) -> str:
        """Everything to read in it: content, text displays, embeds' titles and descriptions."""
        embeds = [str(embed.get(key, "")) for embed in self.payload["embeds"] for key in ("title", "description")]
        shown = [part["content"] for part in self.components if part["type"] == 10]
        return "\n".join(part for part in (self.content, *shown, *embeds) if part)


@dataclass(slots=True, eq=False)
class Interaction:
    """What a person did, and how the bot answered; it goes on filling while the bot edits and follows up."""

    id: int
    token: str
    user: User
    channel: Channel
    payload: Json
    source: Message | None = None
    """The message whose button was pressed, or that brought up the modal."""
    dispatched: float = 0.0
    message: Message | None = None
    """The reply, or for a button whose message was edited in place that message; None until there is one."""
    type: int | None = None
    """4 message, 5 deferred message, 6 deferred edit, 7 edit, 8 choices, 9 modal; None until answered."""
    data: Json = field(default_factory=dict[str, Any])
    seconds: float = float("inf")
    """From the dispatch until the first answer had arrived, whatever `latency` is set to."""
    followups: list[Message] = field(default_factory=list[Message])
    edits: int = 0
    """Edits of the original reply, the one that ends a deferral included."""
    refusals: list[int] = field(default_factory=list[int])
    """Error codes of answers that were not accepted: 10062 too late, 40060 already answered."""
    answered: asyncio.Event = field(default_factory=asyncio.Event)
