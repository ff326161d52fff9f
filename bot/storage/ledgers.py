"""What is known about a member's days? In one statement, for one member or for many."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from bot.domain.blocks import Work
from bot.domain.check_ins import CheckIn, Choice, Outcome
from bot.domain.days import Clock, Kind, Nights, Timetable, study_day
from bot.domain.goals import Chosen, Goal
from bot.domain.ledgers import FOREVER, Enrolment, Ledger, Record, Span, SpanKind
from bot.domain.letters import Opening
from bot.domain.lines import Tone
from bot.domain.next_days import Quiet
from bot.domain.phases import Phase
from bot.storage.database import EPOCH, MILLISECOND, Transaction
from bot.storage.rhythms import Rhythm

RECENT = timedelta(days=36)
"""Far enough back for four weeks of counts and for the days that may still be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One member: who they are, their ledger, and what comes next."""

    member_id: int
    discord_id: int
    name: str
    country: str
    block_size: int
    last_sign_at: datetime
    dms_closed: bool
    tone: Tone
    last_card_at: datetime | None
    """When a help card was last shown."""
    quiet: Quiet = field(default_factory=Quiet)
    """What stands after that card."""
    has_asked: bool = False
    """A request to volunteers stands, or its end was not told yet."""
    ledger: Ledger
    rhythms: tuple[Rhythm, ...]
    """The next one first."""
    written: Mapping[date, tuple[int, bool]] = field(default_factory=lambda: MappingProxyType({}))
    """The version of each check-in that was written, and whether a line stands with it."""

    def check_in(self, day: date) -> CheckIn:
        """What stands for a study day, also where nothing does."""
        said = self.ledger.on(day)
        version, has_line = self.written.get(day, (0, False))
        return CheckIn(
            study_day=day,
            choice=said.choice,
            outcome=said.outcome,
            mood=said.mood,
            questions=said.work.get(Work.QUESTIONS),
            version=version,
            has_line=has_line,
        )


# One statement, because each costs a hop to the database's thread; rows of every kind share the same ten columns.
_MEMBERS = """SELECT m.id AS member, 'member' AS what, m.started_day AS day, m.latest_day AS until, m.name AS word,
  m.block_size AS a, m.last_sign_at AS b, m.discord_id AS c, 0 AS d, m.country AS more
  FROM members m JOIN who ON m.id = who.id"""
_PARTS = (
    """SELECT id, 'likes', '', '', tone, last_card_at, quiet_until, 0, 0, next_opening
       FROM members t WHERE id IN (SELECT id FROM who)""",
    """SELECT DISTINCT t.member_id, 'asked', '', '', '', 0, 0, 0, 0, ''
       FROM help_requests t JOIN who ON t.member_id = who.id
       WHERE state IN ('open', 'claimed') OR notice <> ''""",
    """SELECT t.member_id, 'clock', from_day, '', zone, cut_hour, morning_minute, evening_minute, 0, ''
       FROM clocks t JOIN who ON t.member_id = who.id""",
    "SELECT t.member_id, 'phase', from_day, '', phase, 0, 0, 0, 0, '' FROM phases t JOIN who ON t.member_id = who.id",
    """SELECT t.member_id, 'span', from_day, to_day, kind, cut_hour, morning_minute, evening_minute, 0, ''
       FROM spans t JOIN who ON t.member_id = who.id WHERE {over}""",
    """SELECT t.member_id, 'place', '', '', '', t.cohort_id, since, ended_at, 0, ''
       FROM enrolments t JOIN who ON t.member_id = who.id""",
    """SELECT t.member_id, 'cohort_pause', s.from_day, s.to_day, '', t.cohort_id, 0, 0, 0, ''
       FROM enrolments t JOIN who ON t.member_id = who.id JOIN spans s ON s.cohort_id = t.cohort_id WHERE {over}""",
    """SELECT t.member_id, 'rest_weekdays', from_day, '', '', mask, 0, 0, 0, ''
       FROM rest_weekdays t JOIN who ON t.member_id = who.id WHERE {ruled}""",
    """SELECT t.member_id, 'goal', from_day, '', kind, weekday, floor, usual, stretch,
         CASE WHEN ended THEN 'x' ELSE '' END
       FROM goals t JOIN who ON t.member_id = who.id WHERE {ruled_goals}""",
    """SELECT t.member_id, 'exam', from_day, date, '', 0, 0, 0, 0, ''
       FROM exam_dates t JOIN who ON t.member_id = who.id""",
    """SELECT t.member_id, 'rhythm', next_day, last_day, kind, next_due_at, useful_until, t.id, 0, ''
       FROM rhythms t JOIN who ON t.member_id = who.id""",
    """SELECT t.member_id, 'address', '', '', state, 0, 0, 0, 0, ''
       FROM addresses t JOIN who ON t.member_id = who.id WHERE t.kind = 'dm'""",
    """SELECT t.member_id, 'check_in', study_day, choice, outcome, mood, version, text_id, 0, ''
       FROM check_ins t JOIN who ON t.member_id = who.id WHERE study_day >= :since""",
    """SELECT t.member_id, 'work', study_day, '', kind, sum(amount), sum(amount * worked_through),
         sum(amount * unseen), sum(notebook), ''
       FROM entries t JOIN who ON t.member_id = who.id WHERE study_day >= :since AND voided_at IS NULL
       GROUP BY t.member_id, study_day, kind""",
)
_ALL = " UNION ALL ".join((_MEMBERS, *_PARTS)).format(over="1", ruled="1", ruled_goals="1")


def _newest(table: str, *same: str) -> str:
    """A row that was chosen from `:since` on, or the one that ruled before."""
    alike = "".join(f" AND n.{name} = t.{name}" for name in ("member_id", *same))
    return f"""(from_day >= :since OR from_day =
         (SELECT max(n.from_day) FROM {table} n WHERE n.from_day < :since{alike}))"""


_SINCE = " UNION ALL ".join((_MEMBERS, *_PARTS)).format(
    over="to_day >= :since", ruled=_newest("rest_weekdays"), ruled_goals=_newest("goals", "kind", "weekday")
)


async def of_discord(tx: Transaction, discord_id: int, since: date) -> Page | None:
    """The page of the member behind a Discord account, with all that matters for the days from `since` on."""
    sql = f"WITH who AS (SELECT id FROM members WHERE discord_id = :discord_id) {_SINCE}"
    pages = _pages(await tx.rows(sql, discord_id=discord_id, since=since))
    return next(iter(pages.values()), None)


async def of_members(tx: Transaction, member_ids: Collection[int], since: date) -> dict[int, Page]:
    """The pages of members by id, with every span and choice: a silence may be longer than `since` tells."""
    ids = ",".join(str(int(member_id)) for member_id in member_ids)
    sql = f"WITH who AS (SELECT id FROM members WHERE id IN ({ids})) {_ALL}"
    return _pages(await tx.rows(sql, since=since))


@dataclass(slots=True)
class _Parts:
    """A member's rows, by what they are."""

    of: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def __call__(self, what: str) -> Iterator[Any]:
        """In order of their days."""
        return iter(sorted(self.of[what], key=lambda row: row["day"]))


def _pages(rows: Collection[Any]) -> dict[int, Page]:
    parts: dict[int, _Parts] = defaultdict(_Parts)
    for row in rows:
        parts[row[0]].of[row[1]].append(row)
    return {member_id: _page(member_id, found) for member_id, found in parts.items() if found.of["clock"]}


def _page(member_id: int, parts: _Parts) -> Page:
    member, likes = next(parts("member")), next(parts("likes"))
    timetable = _timetable(parts, date.fromisoformat(member["until"]))
    records, written = _records(parts)
    return Page(
        member_id=member_id,
        discord_id=member["c"],
        name=member["word"],
        country=member["more"],
        block_size=member["a"],
        last_sign_at=_instant(member["b"]),
        dms_closed=any(row["word"] == "closed" for row in parts("address")),
        tone=Tone(likes["word"]),
        last_card_at=None if likes["a"] is None else _instant(likes["a"]),
        quiet=_quiet(likes),
        has_asked=bool(parts.of["asked"]),
        ledger=Ledger(
            started_day=date.fromisoformat(member["day"]),
            timetable=timetable,
            phases=tuple((_day(row), Phase(row["word"])) for row in parts("phase")),
            spans=tuple(
                Span(kind=SpanKind(row["word"]), from_day=_day(row), to_day=_until(row))
                for row in parts("span")
                if row["word"] != "nights"
            ),
            enrolments=_enrolments(parts, timetable),
            rest_weekdays=tuple((_day(row), row["a"]) for row in parts("rest_weekdays")),
            goals=tuple(_chosen(row) for row in parts("goal")),
            exam_dates=tuple((_day(row), _until(row) if row["until"] else None) for row in parts("exam")),
            records=records,
        ),
        rhythms=tuple(sorted(_rhythms(member_id, parts), key=lambda rhythm: rhythm.next_due_at)),
        written=written,
    )


def _quiet(likes: Any) -> Quiet:
    return Quiet(
        until=None if likes["b"] is None else _instant(likes["b"]),
        opening=Opening(likes["more"]) if likes["more"] else None,
    )


def _timetable(parts: _Parts, latest_day: date) -> Timetable:
    clocks = tuple(
        (_day(row), Clock(zone=row["word"], cut_hour=row["a"], morning_minute=row["b"], evening_minute=row["c"]))
        for row in parts("clock")
    )
    nights = tuple(
        Nights(
            from_day=_day(row), to_day=_until(row), cut_hour=row["a"], morning_minute=row["b"], evening_minute=row["c"]
        )
        for row in parts("span")
        if row["word"] == "nights"
    )
    return Timetable(clocks=clocks, nights=nights, latest_day=latest_day)


def _enrolments(parts: _Parts, timetable: Timetable) -> tuple[Enrolment, ...]:
    """The member's places, if any of their cohorts ever paused; they matter for nothing else here."""
    pauses: dict[int, list[Span]] = defaultdict(list)
    for row in parts("cohort_pause"):
        pauses[row["a"]].append(Span(kind=SpanKind.PAUSE, from_day=_day(row), to_day=_until(row)))
    if not pauses:
        return ()
    timetable = replace(timetable, latest_day=date.min)  # these are days of the past
    return tuple(
        Enrolment(
            from_day=study_day(_instant(row["b"]), timetable),
            to_day=FOREVER if row["c"] is None else study_day(_instant(row["c"]), timetable),
            pauses=tuple(pauses[row["a"]]),
        )
        for row in parts("place")
    )


def _chosen(row: Any) -> Chosen:
    goal = None if row["more"] else Goal(floor=row["b"], usual=row["c"], stretch=row["d"])
    return Chosen(kind=Work(row["word"]), weekday=row["a"], from_day=_day(row), goal=goal)


def _records(parts: _Parts) -> tuple[dict[date, Record], dict[date, tuple[int, bool]]]:
    """What was said and done, by study day; ticks count for questions only. Read by place: these are most rows."""
    said: dict[str, tuple[Choice, Outcome, int | None]] = defaultdict(lambda: (Choice.NONE, Outcome.NONE, None))
    written: dict[date, tuple[int, bool]] = {}
    for _, _, day, choice, outcome, mood, version, text_id, _, _ in parts.of["check_in"]:
        said[day] = (_CHOICES[choice], _OUTCOMES[outcome], mood)
        written[date.fromisoformat(day)] = (version, text_id is not None)
    work: dict[str, dict[Work, int]] = defaultdict(dict)
    ticks: dict[str, tuple[int, int]] = {}
    notebook: set[str] = set()
    for _, _, day, _, kind, amount, worked_through, unseen, in_notebook, _ in parts.of["work"]:
        work[day][_WORK[kind]] = amount
        if kind == Work.QUESTIONS:
            ticks[day] = (worked_through, unseen)
        if in_notebook:
            notebook.add(day)
    records: dict[date, Record] = {}
    for day in {*work, *said}:
        (choice, outcome, mood), (worked_through, unseen) = said[day], ticks.get(day, (0, 0))
        records[date.fromisoformat(day)] = Record(
            choice=choice,
            outcome=outcome,
            mood=mood,
            work=work.get(day, {}),
            worked_through=worked_through,
            unseen=unseen,
            notebook=day in notebook,
        )
    return records, written


_CHOICES = {str(it): it for it in Choice}
_OUTCOMES = {str(it): it for it in Outcome}
_WORK = {str(it): it for it in Work}


def _rhythms(member_id: int, parts: _Parts) -> Iterator[Rhythm]:
    for row in parts("rhythm"):
        yield Rhythm(
            id=row["c"],
            member_id=member_id,
            kind=Kind(row["word"]),
            next_day=_day(row),
            next_due_at=_instant(row["a"]),
            useful_until=_instant(row["b"]),
            last_day=_until(row),
        )


def _day(row: Any) -> date:
    return date.fromisoformat(row["day"])


def _until(row: Any) -> date:
    return date.fromisoformat(row["until"])


def _instant(milliseconds: int) -> datetime:
    return EPOCH + milliseconds * MILLISECOND
