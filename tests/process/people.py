"""What goes over the gateway when a person types a command, presses a button or submits a form?"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from tests.process.entities import Channel, Guild, Interaction, Json, Message, Role, User, walk
from tests.process.world import World

Value: TypeAlias = str | int | float | bool | User | Role | Channel
Input: TypeAlias = str | bool | Sequence[str] | None

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
LABEL, TEXT_INPUT, TEXT_DISPLAY = 18, 4, 10
# Components of a modal that hold one value; all the others (selects, uploads, boxes) hold a list.
SINGLE = {TEXT_INPUT, 21, 23}


def begin(
    world: World,
    kind: int,
    user: User,
    data: Json,
    *,
    channel: Channel | None,
    guild: Guild | None,
    user_install: bool,
) -> Interaction:
    """An interaction that is known to the REST side and ready to be dispatched.

    In a server with `guild`; otherwise in the direct messages with the bot, or, with `user_install`, in a
    private channel the bot has no part in.
    """
    owners = {"1": str(user.id)} if user_install else {"0": str(guild.id if guild is not None else 0)}
    if guild is not None:
        place = channel or guild.channels[0]
    elif user_install:
        place = channel or Channel(world.mint(), "elsewhere")
    else:
        place = channel or world.dm(user)
    interaction_id, token = world.mint(), secrets.token_hex(24)
    payload: Json = {
        "id": str(interaction_id),
        "application_id": str(world.bot.id),
        "type": kind,
        "token": token,
        "version": 1,
        "data": data,
        "channel_id": str(place.id),
        "channel": place.payload(),
        "locale": user.locale,
        "entitlements": [],
        "authorizing_integration_owners": owners,
        "attachment_size_limit": 10 * 1024 * 1024,
        "app_permissions": str((1 << 50) - 1),
    }
    if guild is None:
        payload |= {"context": 2 if user_install else 1, "user": user.payload()}
    else:
        member = guild.members.get(user.id) or guild.join(user)
        rights = {"permissions": str(member.permissions)}
        payload |= {
            "context": 0,
            "guild_id": str(guild.id),
            "guild": guild.stub(),
            "guild_locale": guild.locale,
        }
        payload |= {"member": member.payload() | rights, "channel": place.payload() | rights}
        if world.bot.id in guild.members:
            payload["app_permissions"] = str(guild.members[world.bot.id].permissions)
    interaction = Interaction(interaction_id, token, user, place, payload)
    world.interactions[interaction_id] = world.by_token[token] = interaction
    return interaction


def command_data(
    world: World, path: str, options: Mapping[str, Value], *, guild: Guild | None, focused: str | None
) -> Json:
    """A command such as `goal set`; its options' types come from what was synced, else from the values.

    Raises:
        AssertionError: commands were synced and this is not one of them.
    """
    name, *subcommands = path.split()
    synced = world.commands.get(0, []) + (world.commands.get(guild.id, []) if guild is not None else [])
    known = next((command for command in synced if command["name"] == name), None)
    assert known is not None or not synced, f"/{name} is not among the synced commands"
    declared: list[Json] = (known or {}).get("options", [])
    for subcommand in subcommands:
        inner = [part for part in declared if part["name"] == subcommand]
        declared = inner[0].get("options", []) if inner else []
    types: dict[str, int] = {part["name"]: part["type"] for part in declared}
    resolved: Json = {}
    filled = [option(name, value, types.get(name), resolved, guild, focused) for name, value in options.items()]
    # The innermost level is a subcommand (1), what lies around it a group (2).
    for depth, subcommand in enumerate(reversed(subcommands), start=1):
        filled = [{"type": depth, "name": subcommand, "options": filled}]
    identity = known["id"] if known is not None else str(world.mint())
    data: Json = {"id": identity, "name": name, "type": 1, "options": filled}
    return data | {"resolved": resolved} if resolved else data


def option(
    name: str, value: Value, declared: int | None, resolved: Json, guild: Guild | None, focused: str | None
) -> Json:
    """One filled option; what it names by id goes into `resolved` in full."""
    plain: Any = value
    if isinstance(value, User | Role | Channel):
        plain = str(value.id)
        group = {User: "users", Role: "roles", Channel: "channels"}[type(value)]
        rights = {"permissions": str((1 << 50) - 1)} if isinstance(value, Channel) else {}
        resolved.setdefault(group, {})[plain] = value.payload() | rights
        if isinstance(value, User) and guild is not None and value.id in guild.members:
            member = guild.members[value.id]
            shown = {key: word for key, word in member.payload().items() if key != "user"}
            resolved.setdefault("members", {})[plain] = shown | {"permissions": str(member.permissions)}
    filled: Json = {"name": name, "type": declared or kind_of(value), "value": plain}
    return filled | {"focused": True} if name == focused else filled


def kind_of(value: Value) -> int:
    """Discord's option type for a value of which nothing else is known; bool before int, which it is too."""
    kinds: list[tuple[type, int]] = [(bool, 5), (int, 4), (float, 10), (User, 6), (Channel, 7), (Role, 8)]
    return next((kind for type_, kind in kinds if isinstance(value, type_)), 3)


def component_data(message: Message, custom_id: str, values: Sequence[str] | None, *, forged: bool) -> Json:
    """A press on a button, or with `values` a choice in a select.

    Raises:
        AssertionError: nobody could press that, as it isn't shown or is disabled; `forged` lets it pass.
    """
    shown = next((part for part in message.components if part.get("custom_id") == custom_id), None)
    if not forged:
        assert shown is not None, f"{custom_id!r} is not among {message.custom_ids}"
        assert not shown.get("disabled"), f"{custom_id!r} is disabled"
    kind = shown["type"] if shown is not None else (2 if values is None else 3)
    data: Json = {"custom_id": custom_id, "component_type": kind, "id": (shown or {}).get("id", 1)}
    return data if values is None else data | {"values": list(values)}


def as_seen(message: Message, data: Json) -> Json:
    """The message with the component in it: discord.py answers no press on one that it can't find there."""
    if data["custom_id"] in message.custom_ids:
        return message.payload
    part: Json = {"type": data["component_type"], "id": 901, "custom_id": data["custom_id"]}
    part |= {"style": 2, "label": "?"} if part["type"] == 2 else {"options": []}
    row: Json = {"type": 1, "id": 900, "components": [part]}
    return message.payload | {"components": [*message.payload["components"], row]}


def modal_data(custom_id: str, values: Mapping[str, Input], shown: Json | None) -> Json:
    """A filled form in the shape in which it was `shown`; a field left out keeps what was filled in before.

    With nothing shown (a form that outlived a restart, or forged) texts become text inputs, lists selects.

    Raises:
        AssertionError: a value for a field that the form doesn't have.
    """
    if shown is None:
        parts = [{"type": LABEL, "id": 1, "component": guessed(name, value)} for name, value in values.items()]
        return {"custom_id": custom_id, "components": parts}
    fields = {part["custom_id"] for part in walk(shown["components"]) if "custom_id" in part}
    assert values.keys() <= fields, f"{sorted(values.keys() - fields)} not among {sorted(fields)}"
    numbers = iter(range(1, 1000))
    return {
        "custom_id": custom_id,
        "components": [filled(part, values, numbers) for part in shown["components"]],
    }


def guessed(custom_id: str, value: Input) -> Json:
    if isinstance(value, bool):
        return {"type": 23, "id": 2, "custom_id": custom_id, "value": value}
    if value is None or isinstance(value, str):
        return {"type": TEXT_INPUT, "id": 2, "custom_id": custom_id, "value": value or ""}
    return {"type": 3, "id": 2, "custom_id": custom_id, "values": list(value)}


def filled(part: Json, values: Mapping[str, Input], numbers: Any) -> Json:
    """One component of a submitted form."""
    kind = part["type"]
    head: Json = {"type": kind, "id": part.get("id") or next(numbers)}
    if kind == TEXT_DISPLAY:
        return head
    if "component" in part:
        return head | {"component": filled(part["component"], values, numbers)}
    if "components" in part:
        return head | {"components": [filled(inner, values, numbers) for inner in part["components"]]}
    custom_id = part["custom_id"]
    head["custom_id"] = custom_id
    if kind in SINGLE:
        return head | {"value": values.get(custom_id, preset(part))}
    chosen = values.get(custom_id, preset(part))
    listed: list[str] = [] if chosen is None or isinstance(chosen, bool) else list(chosen)
    return head | {"values": listed}


def preset(part: Json) -> Input:
    """What stands in a field before anyone touches it."""
    if part["type"] == TEXT_INPUT:
        return part.get("value") or ""
    if part["type"] == 23:
        return bool(part.get("default"))
    chosen = [choice["value"] for choice in part.get("options", []) if choice.get("default")]
    if part["type"] == 21:
        return chosen[0] if chosen else None
    return chosen
