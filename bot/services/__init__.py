"""What a member, a moderator or the clock can make happen."""

from dataclasses import dataclass

from bot.services.blocks import BlockService
from bot.services.check_ins import CheckInService
from bot.services.clock import Clock
from bot.services.cohorts import CohortService
from bot.services.crisis import CrisisService
from bot.services.delivery import DeliveryService
from bot.services.drafts import DraftService
from bot.services.goals import GoalService
from bot.services.joining import JoiningService
from bot.services.lines import LineService
from bot.services.outages import OutageService
from bot.services.planning import PlanningService
from bot.services.plans import PlanService
from bot.services.records import Records
from bot.services.rests import RestService
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
    goals: GoalService
    joining: JoiningService
    lines: LineService
    outages: OutageService
    planning: PlanningService
    settings: SettingsService
    plans: PlanService
    rests: RestService
    today: TodayService
    weeks: WeekService
