"""What a member reads about their own day, how they say that it did not help, and how they choose its tone."""

from typing import Any

import pytest

from bot.domain.facts import FactKind
from bot.domain.lines import Line, Moment, Tone
from bot.domain.phases import GENTLE
from tests.conftest import World, buttons

WORK = frozenset({Moment.EVENING, Moment.LOG})


def line(name: str, text: str, *needs: FactKind, tone: Tone = Tone.PLAIN) -> Line:
    return Line(id=name, said=WORK, needs=frozenset(needs), tone=tone, text=text)


@pytest.fixture
def spoken() -> tuple[Line, ...]:
    return (
        line("first", "A first day, and it counts.", FactKind.FIRST_DAY),
        line("warm", "It was good to have you here.", FactKind.FIRST_DAY, tone=Tone.WARM),
        line("through", "You worked through {worked_through}.", FactKind.WORKED_THROUGH),
        line("kept", "{kept_so_far} so far.", FactKind.KEPT_SO_FAR),
        line("week", "{kept_week} and {questions_week}.", FactKind.KEPT_THIS_WEEK, FactKind.QUESTIONS_THIS_WEEK),
        Line(
            id="gentle",
            said=frozenset({Moment.GENTLE}),
            needs=frozenset({FactKind.GENTLE_FIRST_WEEK}),
            tone=Tone.PLAIN,
            phases=GENTLE,
            text="These are the first days.",
        ),
    )


async def answered(world: World, label: str = "Kept it") -> Any:
    """Ana's Tuesday evening, answered with one tap."""
    await world.join(world.ana)
    await world.at("2026-03-03 21:00")
    return (await world.ana.user.click(world.dms(world.ana)[-1], label=label)).response


async def test_an_evenings_answer_is_followed_by_one_true_line(world: World) -> None:
    kept = await answered(world)
    assert kept.content == "**Tuesday, 3 March:** kept it.\nA first day, and it counts."
    assert list(buttons(kept)) == ["Add a number or a line", "Change", "I need help", "Not helpful"]


@pytest.mark.parametrize("label", ["Rough day", "Not today"])
async def test_no_line_follows_a_rough_day_and_none_that_is_untrue_a_day_without_work(world: World, label: str) -> None:
    said = await answered(world, label)
    assert "Not helpful" not in buttons(said)
    assert "counts" not in said.content


async def test_not_helpful_takes_the_line_away_for_good_also_after_a_restart(world: World) -> None:
    kept = await answered(world)
    await world.restart()
    gone = (await world.ana.user.click(kept, label="Not helpful")).response
    assert gone.content == "**Tuesday, 3 March:** kept it.\nThank you. That line won't come again."
    assert list(buttons(gone)) == ["Add a number or a line", "Change", "I need help"]
    changed = (await world.ana.user.click(gone, label="Change")).response
    again = (await world.ana.user.click(changed, label="Some of it")).response
    assert again.content == "**Tuesday, 3 March:** some of it."


async def test_a_block_is_followed_by_its_own_line_and_its_panel_stays(world: World) -> None:
    await world.join(world.ana)
    form = await world.ana.click((await world.ana.slash(world.channel, "today")).response, label="Log a block")
    values = {"amount": "20", "ticks": ["worked_through"]}
    logged = (await world.ana.submit_modal(form, values)).response
    assert logged.content.startswith("Logged: 20 questions.\nA first day, and it counts.\n\n**Monday, 2 March**")
    gone = (await world.ana.click(logged, label="Not helpful")).response
    assert gone.content.startswith("**Monday, 2 March**")
    assert gone.content.endswith("\nThank you. That line won't come again.")
    more = (await world.ana.slash(world.channel, "log", questions="20")).response
    assert "You worked through 20 questions." in more.content


async def test_numbers_come_with_their_nouns(world: World) -> None:
    await world.join(world.ana)
    await world.ana.slash(world.channel, "log", questions="20")
    world.clock.move(days=1)
    logged = (await world.ana.slash(world.channel, "log", questions="1")).response
    assert logged.content.startswith("Logged: 1 question.\n2 kept days and 21 questions.\n")


async def test_a_gentle_evening_has_a_line_of_its_own_that_can_be_sent_away(world: World) -> None:
    await world.join(world.ana, "Just found out")
    await world.at("2026-03-03 21:00")
    evening = world.dms(world.ana)[-1]
    assert evening.content == "Good evening, Ana.\nNothing to answer tonight. These are the first days."
    gone = (await world.ana.user.click(evening, label="Not helpful")).response
    assert gone.content == "Nothing to answer tonight.\nThank you. That line won't come again."
    await world.at("2026-03-04 21:00")
    assert "first days" not in world.dms(world.ana)[-1].content


async def test_the_tone_is_chosen_by_button_and_by_command_and_rules_from_then_on(world: World) -> None:
    await world.join(world.ana)
    page = (await world.ana.slash(world.channel, "settings show")).response
    tones = (await world.ana.click(page, label="Tone")).response
    assert list(buttons(tones)) == ["Plain", "Warm", "Dry", "None", "Back"]
    assert tones.content.endswith("Right now: plain.")
    chosen = (await world.ana.click(tones, label="Warm")).response
    assert chosen.content.startswith("Warm it is, from now on.\n\n**Settings**")
    assert "Tone of what I say about your days: warm" in chosen.content
    await world.at("2026-03-03 21:00")
    kept = (await world.ana.user.click(world.dms(world.ana)[-1], label="Kept it")).response
    assert kept.content.endswith("It was good to have you here.")
    none = (await world.ana.slash(world.channel, "settings tone", tone="none")).response
    assert none.content.startswith("None it is. I say nothing about what you did")
    await world.at("2026-03-04 07:30")
    assert "kept day" not in world.dms(world.ana)[-1].content
    await world.at("2026-03-04 21:00")
    last = (await world.ana.user.click(world.dms(world.ana)[-1], label="Kept it")).response
    assert last.content == "**Wednesday, 4 March:** kept it."


async def test_a_made_up_line_is_not_found_and_a_stranger_is_told_how_to_join(world: World) -> None:
    custom_id = "unhelpful:evening:0:2026-03-02:first"
    assert "haven't joined" in (await world.forge(world.ana, custom_id)).response.content
    await world.join(world.ana)
    made_up = await world.forge(world.ana, custom_id.replace("first", "made-up"))
    assert made_up.response.content == "I can't find that any more. `/today` always opens what there is."
