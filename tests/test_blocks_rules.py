"""What somebody typed becomes a block of work with numbers that can be, or one sentence that says what would work."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.blocks import HAVE_CORRECT, MOST, Block, Typed, Work, read
from bot.domain.errors import UserError

rules = settings(deadline=None)

NOT_A_NUMBER = [
    "",
    " ",
    "\u200b",
    "🎓",
    "مرحبا",
    "\u202eabc",
    "@everyone",
    "**",
    "lots",
    "NaN",
    "inf",
    "-1",
    "-20",
    "1e9",
    "99999999999999999999",
    "30 February",
    "yesterday",
    "year 9999",
    "; DROP TABLE entries",
    "x" * 5000,
]


def sentence(typed: Typed, block_size: int = 20) -> str:
    with pytest.raises(UserError) as refused:
        read(typed, block_size)
    return str(refused.value)


# --- what was done


@pytest.mark.parametrize(
    ("amount", "done", "correct"),
    [
        ("20", 20, None),
        (" 20 ", 20, None),
        ("forty", 40, None),
        ("about 40", 40, None),
        ("2 blocks", 40, None),
        ("a block", 20, None),
        ("2x20", 40, None),
        ("٤٠", 40, None),
        ("4\u200b0", 40, None),
        ("\u202e40", 40, None),
        ("**40**", 40, None),
        ("40 🎉", 40, None),
        ("20/14", 20, 14),
        ("14/20", 20, 14),
        ("14 of 20", 20, 14),
        ("20, 14 right", 20, 14),
        ("20/70%", 20, 14),
        ("20/0", 20, 0),
        ("20/20", 20, 20),
        ("500", 500, None),
        ("1", 1, None),
    ],
)
@pytest.mark.parametrize("kind", HAVE_CORRECT)
def test_a_number_done_and_a_number_right_are_understood(
    amount: str, done: int, correct: int | None, kind: Work
) -> None:
    assert read(Typed(kind=kind, amount=amount), 20) == Block(kind=kind, amount=done, correct=correct)


@pytest.mark.parametrize("block_size", [10, 20, 38, 50])
def test_a_block_is_as_large_as_the_member_says(block_size: int) -> None:
    assert read(Typed(amount="2 blocks"), block_size).amount == 2 * block_size


@pytest.mark.parametrize("kind", [kind for kind in Work if kind not in HAVE_CORRECT])
def test_other_work_has_a_number_only(kind: Work) -> None:
    assert read(Typed(kind=kind, amount="thirty"), 20) == Block(kind=kind, amount=30)
    assert sentence(Typed(kind=kind, amount="20/14")).startswith("Only the number done works here")


@pytest.mark.parametrize("kind", Work)
@pytest.mark.parametrize("amount", [*NOT_A_NUMBER, "0", "none"])
def test_a_number_that_nobody_would_understand_gets_a_sentence_with_one_that_works(kind: Work, amount: str) -> None:
    said = sentence(Typed(kind=kind, amount=amount))
    assert "works here" in said
    assert "`" in said
    assert len(said) < 150


@pytest.mark.parametrize("kind", Work)
def test_more_than_anybody_does_in_a_day_is_a_slip_of_the_finger(kind: Work) -> None:
    assert read(Typed(kind=kind, amount=str(MOST[kind])), 20).amount == MOST[kind]
    assert str(MOST[kind]) in sentence(Typed(kind=kind, amount=str(MOST[kind] + 1)))


def test_the_larger_of_two_numbers_was_done() -> None:
    assert read(Typed(amount="20/30"), 20) == Block(amount=30, correct=20)


def test_a_number_right_that_is_asked_for_on_its_own_is_never_taken_for_the_number_done() -> None:
    assert read(Typed(amount="2 blocks", correct=30), 38) == Block(amount=76, correct=30)
    assert read(Typed(amount="20", correct=0), 20) == Block(amount=20, correct=0)
    assert "can't be more than the number done" in sentence(Typed(amount="20", correct=30))
    assert "Only the number done" in sentence(Typed(amount="20/14", correct=14))
    assert "goes with questions" in sentence(Typed(kind=Work.VIDEOS, amount="3", correct=2))


# --- minutes, and what is true of a block


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("", None),
        ("  ", None),
        ("0", None),
        ("45", 45),
        ("45 min", 45),
        ("45min.", 45),
        ("45 minutes", 45),
        ("45 Mins", 45),
        ("forty", 40),
        ("٤٥", 45),
        ("960", 960),
    ],
)
def test_minutes_are_a_number_with_or_without_their_name_or_left_out(typed: str, minutes: int | None) -> None:
    assert read(Typed(amount="20", minutes=typed), 20).minutes == minutes


@pytest.mark.parametrize("typed", [*(it for it in NOT_A_NUMBER if it.strip()), "961", "20/14", "two hours"])
def test_minutes_that_cannot_be_get_a_sentence_of_their_own(typed: str) -> None:
    assert sentence(Typed(amount="20", minutes=typed)) == "Minutes work as a number, such as `45`."


def test_unticked_means_tutor_mode_and_questions_seen_before() -> None:
    plain = read(Typed(amount="20"), 20)
    assert not any((plain.timed, plain.unseen, plain.worked_through, plain.notebook))
    for tick in ("timed", "unseen", "worked_through", "notebook"):
        ticked = read(Typed(amount="20", ticks=frozenset({tick})), 20)
        assert [name for name in ("timed", "unseen", "worked_through", "notebook") if getattr(ticked, name)] == [tick]
    assert read(Typed(amount="20", ticks=frozenset({"forged", ""})), 20) == plain


@pytest.mark.parametrize(
    "numbers",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": 501},
        {"amount": 61, "kind": Work.VIDEOS},
        {"amount": 20, "correct": 21},
        {"amount": 20, "correct": -1},
        {"amount": 20, "minutes": 0},
        {"amount": 20, "minutes": 961},
    ],
)
def test_a_block_holds_only_numbers_that_can_be(numbers: dict[str, Any]) -> None:
    with pytest.raises(UserError):
        Block(**numbers)


anything = (
    st.text(max_size=80) | st.from_regex(r"[0-9xX*+/,.%()\- a-z]{0,30}", fullmatch=True) | st.sampled_from(NOT_A_NUMBER)
)


@given(st.sampled_from(Work), anything, anything, st.integers(10, 50))
@rules
def test_whatever_is_typed_becomes_a_block_or_one_sentence(
    kind: Work, amount: str, minutes: str, block_size: int
) -> None:
    try:
        block = read(Typed(kind=kind, amount=amount, minutes=minutes), block_size)
    except UserError as refused:
        said = str(refused)
        assert "\n" not in said
        assert len(said) < 150
    else:
        assert 1 <= block.amount <= MOST[kind]
        assert block.correct is None or (kind in HAVE_CORRECT and 0 <= block.correct <= block.amount)
        assert block.minutes is None or 1 <= block.minutes <= 960


@given(st.integers(1, 500), st.data())
@rules
def test_two_plain_numbers_come_back_as_they_were_typed(done: int, data: st.DataObject) -> None:
    correct = data.draw(st.integers(0, done))
    assert read(Typed(amount=f"{done}/{correct}"), 20) == Block(amount=done, correct=correct)
    assert read(Typed(amount=str(done)), 20) == Block(amount=done)
