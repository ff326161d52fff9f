"""How does the bot look and answer in a browser, without a token? A scene, served until Ctrl+C on this machine only.

simcord's page comes with the optional extra `browser`, so it is imported only once it is known to be there.
"""

import asyncio
import logging
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.places import Place
from bot.rehearsal import NAME, PHASES, CannotShow, place_of
from bot.scene import CHANNEL, COLLEAGUE, MODERATOR, NEWCOMER, QUEUE, Scene, scene_at, starts_at
from bot.scheduler import Scheduler
from bot.services.clock import system_clock
from bot.ui.words import day_name

if TYPE_CHECKING:
    from simcord import Preview

NEEDED = ("simcord", "linkify_it", "markdown_it", "regex")
"""What the extra brings, by the names of its modules."""

AS_MODERATOR, AS_NEWCOMER = "moderator", "newcomer"
PORT = 7463
"""The usual port; where something else has it, any free one does."""


async def show(seen_as: str, at: str, city: str, phase: str, port: int | None, say: Callable[[str], None]) -> None:
    """Serve one page until Ctrl+C, or until the session is ended in the page. Raises CannotShow."""
    if any(find_spec(name) is None for name in NEEDED):
        raise CannotShow("--browser needs one more install: pip install -e '.[browser]'")
    if port is not None and not 1 <= port <= 65_535:
        raise CannotShow(f"--port takes a number from 1 to 65535, for example {PORT}")
    place = place_of(city)
    moment = starts_at(at, place.zone, system_clock().astimezone(ZoneInfo(place.zone)).date())
    logging.disable(logging.WARNING)  # the terminal says how to stop, and what is broken; nothing else
    with tempfile.TemporaryDirectory(prefix="comeback-try-") as folder:
        async with scene_at(moment, city, PHASES[phase], Path(folder)) as scene, AsyncExitStack() as stack:
            if seen_as == AS_MODERATOR:
                await scene.ask()
            preview = await open_page(stack, scene, seen_as, place.zone, port)
            say(_welcome(preview.url, seen_as, place, moment))
            try:
                await keep_going(scene, preview)
            finally:
                say("Ended. Nothing was kept.")


async def open_page(stack: AsyncExitStack, scene: Scene, seen_as: str, zone: str, port: int | None) -> "Preview":
    """Serve the page of somebody until `stack` closes: one channel each. Raises CannotShow for a taken port.

    The moderators' is the queue, a newcomer's the cohort's channel, the member's their DM.
    """
    from simcord import SetupError

    scene.arrived.clear()  # what stands by now is on the page from the first
    channel, viewers = scene.member.user.dm_channel, (scene.member.user,)
    if seen_as == AS_MODERATOR:
        channel, viewers = scene.queue, (scene.moderator, scene.colleague)
    elif seen_as == AS_NEWCOMER:
        channel, viewers = scene.channel, (scene.newcomer, scene.moderator)
    for number in (PORT, 0) if port is None else (port,):
        preview = scene.env.preview(
            channel,
            viewers=viewers,
            layout="channel",
            timezone=zone,
            port=number,
        )
        try:
            return await stack.enter_async_context(preview)
        except SetupError as error:
            if not isinstance(error.__cause__, OSError):
                raise
    raise CannotShow(f"port {port} can't be used on this machine; without --port a free one is found")


async def keep_going(scene: Scene, preview: "Preview") -> None:
    """Plan, send, keep the queue, and show what arrives, for as long as the page is served."""
    scheduler = Scheduler(scene.services)
    scheduler.start()
    sending = asyncio.create_task(scene.sender.run())
    keeping = asyncio.create_task(scene.keeper.run())
    showing = asyncio.create_task(_show_arrivals(scene, preview))
    try:
        await preview.wait_closed()
    finally:
        scheduler.stop()
        showing.cancel()
        await scene.sender.stop()
        await scene.keeper.stop()
        await asyncio.gather(sending, keeping, showing, return_exceptions=True)


async def _show_arrivals(scene: Scene, preview: "Preview") -> None:
    """The page knows by itself what its own buttons lead to; of what the sender posts, it must be told."""
    from simcord import SetupError

    while True:
        await scene.arrived.wait()
        scene.arrived.clear()
        await scene.sender.settled()
        try:
            await preview.refresh()
        except (SetupError, TimeoutError):  # a button is being pressed at this very moment, or is not done
            await asyncio.sleep(0.2)
            scene.arrived.set()


def _welcome(url: str, seen_as: str, place: Place, moment: datetime) -> str:
    local = moment.astimezone(ZoneInfo(place.zone))
    page = f"{NAME}'s direct messages with the bot."
    if seen_as == AS_MODERATOR:
        page = (
            f"#{QUEUE}, which only moderators read, as {MODERATOR} sees it; “Viewing as” also has {COLLEAGUE}, on "
            f"duty too. {NAME} has asked a volunteer to get in touch."
        )
    elif seen_as == AS_NEWCOMER:
        page = f"#{CHANNEL} as {NEWCOMER}, who may join, sees it; “Viewing as” also has {MODERATOR}, its moderator."
    return (
        f"{page}\nIt is {local:%H:%M} on {day_name(local.date())} in {place.label}, and time runs on from there.\n\n"
        f"Open this in a browser on this machine; nobody else can reach it:\n\n  {url}\n\n"
        "Type / there for the commands. To stop: Ctrl+C here."
    )
