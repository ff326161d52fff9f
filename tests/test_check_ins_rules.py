"""What an answer about a day would replace."""

from datetime import date

from bot.domain.check_ins import CheckIn, Choice, Outcome, already

A_WEDNESDAY = date(2026, 3, 4)


def test_a_mornings_choice_would_replace_a_rough_day_and_no_other_evening() -> None:
    rough = CheckIn(study_day=A_WEDNESDAY, outcome=Outcome.ROUGH)
    kept = CheckIn(study_day=A_WEDNESDAY, choice=Choice.FLOOR, outcome=Outcome.KEPT)
    assert already(rough, Choice.USUAL) is Outcome.ROUGH
    assert already(kept, Choice.USUAL) is Choice.FLOOR
    assert already(kept, Outcome.SOME) is Outcome.KEPT
