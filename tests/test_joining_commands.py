"""A person joins: two questions, one first message, and a way out."""

from tests.conftest import World


async def test_joining_asks_two_questions_and_writes_one_first_message(world: World) -> None:
    answered = await world.join(world.ana)
    assert answered.response.ephemeral
    assert "You're in" in answered.response.content
    (first,) = world.dms(world.ana)
    assert first.content.startswith("Hello Ana, this is where I'll write to you.")
    assert "07:30" in first.content
    assert "21:00" in first.content
