"""What a member, a moderator or the clock can make happen."""

from dataclasses import dataclass

from bot.services.blocks import BlockService
from bot.services.check_ins import CheckInService
from bot.services.clock import Clock
from bot.services.cohorts import CohortService
from bot.services.crisis import CrisisService
from bot.services.delivery import DeliveryService
from bot.services.drafts import DraftService
from bot.services.duties import DutyService
from bot.services.goals import GoalService
from bot.services.help_requests import HelpRequestService
from bot.services.joining import JoiningService
from bot.services.lines import LineService
from bot.services.low_moods import LowMoodService
from bot.services.next_days import NextDaysService
from bot.services.outages import OutageService
from bot.services.people import PeopleService
from bot.services.planning import PlanningService
from bot.services.plans import PlanService
from bot.services.queue_keeping import QueueKeepingService
from bot.services.queues import QueueService
from bot.services.records import Records
from bot.services.rests import RestService
from bot.services.screening import ScreeningService
from bot.services.settings import SettingsService
from bot.services.today import TodayService
from bot.services.weeks import WeekService


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that cogs, buttons and the scheduler may call; built in `bot.app`."""

    clock: Clock
    records: Records
    blocks: BlockService
    check_ins: CheckInService
    cohorts: CohortService
    crisis: CrisisService
    delivery: DeliveryService
    drafts: DraftService
    duties: DutyService
    goals: GoalService
    help_requests: HelpRequestService
    joining: JoiningService
    lines: LineService
    low_moods: LowMoodService
    next_days: NextDaysService
    outages: OutageService
    people: PeopleService
    planning: PlanningService
    settings: SettingsService
    plans: PlanService
    queue_keeping: QueueKeepingService
    queues: QueueService
    rests: RestService
    screening: ScreeningService
    today: TodayService
    weeks: WeekService
