"""What would a member's days look like? The real services on a virtual clock, shown in a terminal.

Only Discord is missing: a wire that prints stands in its place. Nothing here is kept.
"""

import json
import logging
import tempfile
from collections import deque
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot import terminal
from bot.app import build_services
from bot.data import places as atlas
from bot.domain import places
from bot.domain.check_ins import Choice, Outcome
from bot.domain.days import DAY
from bot.domain.phases import GENTLE, Phase
from bot.domain.places import Place
from bot.sender import Answer, Sender
from bot.services import Services
from bot.services.actors import Actor
from bot.services.check_ins import Words
from bot.services.clock import system_clock
from bot.services.records import Records
from bot.storage import members, rhythms
from bot.stories import STORIES, Act, Moment, Story
from bot.ui.check_ins import LABELS, morning_question, standing
from bot.ui.cohorts import invitation
from bot.ui.joining import LABELS as WHERE
from bot.ui.joining import PANEL

PHASES = {
    "just-found-out": Phase.JUST_FOUND_OUT,
    "not-ready": Phase.NOT_READY,
    "ready": Phase.REBUILDING,
    "booked": Phase.EXAM_BOOKED,
}
MEMBER, SERVER, CHANNEL, DM = 1, 2, 3, 4
JOINS_AT = time(17, 40)
REACTS_AFTER = timedelta(minutes=6)
NAME = "Ana"


class CannotShow(Exception):
    """An option makes no sense; `str(error)` says in one line what would work."""


async def show(days: int | None, start: str, zone: str, phase: str, story: str = "week") -> None:
    """Print a story's days from `start` (ISO date, today if empty); without `days`, as many as it needs.

    Raises CannotShow.
    """
    told = STORIES[story]
    days = told.shown if days is None else days
    logging.disable(logging.WARNING)  # the terminal belongs to the messages
    if not 1 <= days <= 60:
        raise CannotShow("--days takes a whole number from 1 to 60, for example --days 7")
    first, place = _first_day(start), place_of(zone)
    with tempfile.TemporaryDirectory(prefix="comeback-try-") as folder:
        records = Records(Path(folder) / "comeback.db", Path(folder) / "comeback.key")
        await records.open()
        try:
            await Rehearsal(records, first, place, PHASES[phase], told).run(days)
        finally:
            await records.close()


def _first_day(start: str) -> date:
    if not start:
        return system_clock().date()
    try:
        found = date.fromisoformat(start)
    except ValueError:
        raise CannotShow(f"--from takes a date such as 2026-03-02, not {start!r}") from None
    if not 1990 <= found.year <= 2100:
        raise CannotShow("--from takes a date between 1990 and 2100, for example 2026-03-02")
    return found


def place_of(zone: str) -> Place:
    """The place that an option names. Raises CannotShow."""
    understood = places.understand(zone, atlas.atlas(), system_clock())
    if understood.place is None:
        near = ", ".join(guess.label for guess in understood.guesses) or "Chicago, Lagos, Manila"
        raise CannotShow(f"--zone {zone!r} is not clear; one of these works: {near}")
    return understood.place


class Rehearsal:
    """One member, one cohort, one virtual clock; it is the clock and the wire of its own program."""

    def __init__(self, records: Records, first: date, place: Place, phase: Phase, story: Story) -> None:
        self._place, self._phase, self._first = place, phase, first
        self._zone = ZoneInfo(place.zone)
        self._now = datetime.combine(first, JOINS_AT, self._zone)
        self._records = records
        self._services: Services = build_services(records, self.clock)
        self._sender = Sender(self._services.delivery, self.wire, self.clock)
        self._story = story
        self._arrived: list[dict[str, Any]] = []
        self._acts = 0

    def clock(self) -> datetime:
        return self._now

    async def wire(self, method: str, path: str, body: str | None = None, picture: bytes | None = None) -> Answer:
        """Takes what Discord would take, and shows it; a picture by its description."""
        if (method, path) == ("POST", "/users/@me/channels"):
            return Answer(status=200, body={"id": str(DM)})
        message = json.loads(body or "{}")
        self._arrived.append(message)
        told = message["attachments"][0]["description"] if picture else ""
        terminal.message(self._now, self._zone, message["content"], message["components"], picture=told)
        return Answer(status=200, body={"id": str(len(self._arrived))})

    async def run(self, days: int) -> None:
        """Show the days, and what they lead to."""
        terminal.opening(days, self._place.label)
        await self._join()
        acts = deque(self._acts_of(days))
        end = datetime.combine(self._first + days * DAY, time(4), self._zone)
        while (due := await self._next_due()) < end or acts:
            if acts and acts[0][0] <= due:
                at, act = acts.popleft()
                await self._act(max(self._now, at), act)
                continue
            self._now = max(self._now, due)
            await self._services.planning.plan_due(self._now)
            for message in await self._deliver():
                await self._react(message)
        card = await self._services.crisis.country_for(MEMBER)
        terminal.closing(len(self._arrived), card)

    def _acts_of(self, days: int) -> Iterator[tuple[datetime, Act]]:
        """What the member does by themselves; on the gentle path nothing has to be done."""
        for number in range(days if self._phase not in GENTLE else 0):
            for act in self._story.day(number).acts:
                yield datetime.combine(self._first + number * DAY, act.at, self._zone), act

    async def _act(self, now: datetime, act: Act) -> None:
        self._now = now
        day = now.astimezone(self._zone).date()
        terminal.act(f"{NAME} {act.does(day)}")
        text, view = await act.run(Moment(services=self._services, actor=self._actor(), now=now, day=day))
        terminal.message(now, self._zone, text, view.to_components())

    async def _join(self) -> None:
        moderator = self._actor()
        cohort = await self._services.cohorts.create(moderator, SERVER, "Study hall", CHANNEL, True, self._now)
        text, view = invitation(cohort)
        terminal.day(self._now, self._zone)
        terminal.message(self._now, self._zone, text, view.to_components(), where="in the server")
        terminal.act(f"{NAME} taps [Join]; this is seen by nobody else:")
        terminal.message(self._now, self._zone, PANEL, [], where="in the server")
        terminal.act(f"{NAME} taps [{WHERE[self._phase]}] and gives the city: {self._place.label}")
        await self._services.joining.enrol(
            self._actor(),
            SERVER,
            cohort.id,
            self._phase,
            self._place.zone,
            self._place.country or "",
            self._now,
        )
        await self._deliver()

    async def _deliver(self) -> list[dict[str, Any]]:
        before = len(self._arrived)
        while await self._sender.step():
            await self._sender.settled()
        return self._arrived[before:]

    async def _react(self, message: dict[str, Any]) -> None:
        buttons = [b["custom_id"].split(":") for row in message["components"] for b in row["components"]]
        self._now += REACTS_AFTER
        today = self._story.day((self._now.astimezone(self._zone).date() - self._first).days)
        if today.restarts and ["path", "restart"] in buttons:
            await self._restart()
            return
        answers = [parts for parts in buttons if parts[0] == "answer"]
        if self._phase in GENTLE or not answers:
            terminal.act(f"{NAME} reads it. Nothing is needed.")
            return
        prompt_id, day = int(answers[0][1]), date.fromisoformat(answers[0][2])
        is_morning = Choice.USUAL in {parts[-1] for parts in answers}
        plan = self._story.day((day - self._first).days)
        if is_morning:
            await self._answer_late(day)
        said = plan.morning if is_morning else plan.evening
        if said is None:
            terminal.act(f"{NAME} doesn't answer. Nothing happens, and nothing is counted.")
            return
        await self._tap(prompt_id, day, said, plan.words if not is_morning else None)

    async def _restart(self) -> None:
        terminal.act(f"{NAME} taps [Start from today]")
        check_in = await self._services.check_ins.start_from_today(self._actor(), self._now)
        text, view = morning_question(check_in, 0, first=Choice.FLOOR)
        terminal.message(self._now, self._zone, text, view.to_components())
        await self._tap(0, check_in.study_day, Choice.FLOOR, None)

    async def _answer_late(self, day: date) -> None:
        yesterday = day - DAY
        late = self._story.day(max(0, (yesterday - self._first).days)).late
        if late is not None:
            terminal.act(f"{NAME} types /checkin and answers for yesterday:")
            await self._tap(0, yesterday, late, None)

    async def _tap(self, prompt_id: int, day: date, said: Choice | Outcome, words: Words | None) -> None:
        check_ins = self._services.check_ins
        terminal.act(f"{NAME} taps [{LABELS[said]}]")
        answered = await check_ins.answer(self._actor(), day, said, self._now, prompt_id=prompt_id)
        if words is not None:
            terminal.act(f"{NAME} taps [Add a number or a line]: {terminal.typed(words)}")
            answered = await check_ins.describe(
                self._actor(),
                day,
                words,
                self._now,
                operation=f"rehearsal:{day}",
                instead_of=answered.check_in.version,
            )
        text, view = standing(answered, prompt_id)
        terminal.message(self._now, self._zone, text, view.to_components())

    async def _next_due(self) -> datetime:
        async with self._records.reading() as tx:
            member = await members.of_discord(tx, MEMBER)
            found = await rhythms.of_member(tx, member.id) if member else []
        return min(rhythm.next_due_at for rhythm in found)

    def _actor(self) -> Actor:
        self._acts += 1
        return Actor(discord_id=MEMBER, name=NAME, locale="en-US", interaction_id=self._acts)
