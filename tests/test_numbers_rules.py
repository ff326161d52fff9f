"""Is a number of questions understood the way a person would, or kindly asked for again?"""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.numbers import count

ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def spell(number: int) -> str:
    if number < 20:
        return ONES[number]
    if number < 100:
        return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")
    rest = f" and {spell(number % 100)}" if number % 100 else ""
    return f"{ONES[number // 100]} hundred{rest}"


STYLES: dict[str, Callable[[int], str]] = {
    "digits": str,
    "spaces": lambda n: f"  {n} ",
    "words": spell,
    "words without and": lambda n: spell(n).replace(" and ", " ").replace("-", " ").title(),
    "about": lambda n: f"about {n}",
    "tilde": lambda n: f"~{n}",
    "questions": lambda n: f"{n} questions",
    "q": lambda n: f"{n}q",
    "sentence": lambda n: f"I did {n} questions today.",
    "bold": lambda n: f"**{n}**",
    "full width": lambda n: str(n).translate(FULL_WIDTH),
    "Arabic-Indic": lambda n: str(n).translate(ARABIC),
    "zero-width": lambda n: "\u200b".join(str(n)),
    "sum": lambda n: f"{n // 3}+{n - n // 3}",
    "product": lambda n: f"1x{n}",
    "blocks and the rest": lambda n: f"{n // 20} blocks and {n % 20}",
    "decimal": lambda n: f"{n}.0",
}


@pytest.mark.parametrize("style", STYLES)
def test_every_whole_number_comes_back_in_every_style(style: str) -> None:
    for number in range(501):
        assert count(STYLES[style](number)) == number, STYLES[style](number)


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("forty", 40),
        ("fourty", 40),
        ("Forty-Five", 45),
        ("a hundred and twenty", 120),
        ("hundred", 100),
        ("one hundred forty-five", 145),
        ("40q", 40),
        ("40 Qs", 40),
        ("40 mcqs", 40),
        ("maybe like 40?", 40),
        ("40 👍", 40),
        ("4️⃣0️⃣", 40),
        ("2 blocks", 40),
        ("two blocks", 40),
        ("2 x 20", 40),
        ("20 × 2", 40),
        ("20*2", 40),
        ("20 + 20 + 5", 45),
        ("one block", 20),
        ("a block", 20),
        ("block", 20),
        ("0 blocks", 0),
        ("half a block", 10),
        ("half of a block", 10),
        ("half block", 10),
        ("½ block", 10),
        ("2½ blocks", 50),
        ("1.5 blocks", 30),
        ("1,5 blocks", 30),
        ("one and a half blocks", 30),
        ("a block and a half", 30),
        ("two half blocks", 20),
        ("2 blocks of 40", 80),
        ("2 blocks plus 5", 45),
        ("a couple of blocks", 40),
        ("a dozen", 12),
        ("0", 0),
        ("zero", 0),
        ("none", 0),
        ("Nothing today", 0),
        ("no questions", 0),
        ("500", 500),
    ],
)
def test_a_number_is_read_as_a_person_would(text: str, questions: int) -> None:
    assert count(text) == questions


@pytest.mark.parametrize(("block_size", "questions"), [(10, 5), (20, 10), (25, 13), (40, 20)])
def test_blocks_have_the_members_own_size_and_half_a_question_is_a_whole_one(block_size: int, questions: int) -> None:
    assert count("half a block", block_size) == questions
    assert count("3 blocks", block_size) == 3 * block_size


NOT_A_NUMBER = [
    *("", "  ", "-1", "−5", "1e9", "999999", "501", "9" * 300, "NaN", "inf", "some", "a few", "all", "😀", "@everyone"),
    *(
        "40-45",
        "40 or 50",
        "40%",
        "10:30",
        "40.5",
        "half",
        "40 40",
        "twenty twenty",
        "20+",
        "+",
        "x",
        "2 x",
        "two hundred hundred",
    ),
    *("a", "ا", "፩", "40 of them were hard", "30 February", "\ud800", "ﷺ" * 200),
]


@pytest.mark.parametrize("text", NOT_A_NUMBER)
def test_what_is_no_number_is_answered_with_what_would_work(text: str) -> None:
    with pytest.raises(UserError) as refused:
        count(text)
    assert str(refused.value) == "Any number from 0 to 500 works here, such as `40` or `2 blocks`."


@pytest.mark.parametrize("text", ["40/28", "40 / 28", "٤٠/٢٨", "28 of 40", "28 out of 40"])
def test_done_and_correct_together_are_asked_for_as_the_number_done(text: str) -> None:
    with pytest.raises(UserError) as refused:
        count(text)
    assert str(refused.value) == "Only the number done works here, such as `40`."


@given(st.integers(1, 50), st.integers(1, 2000))
@example(50, 30)
def test_the_sentence_only_names_what_would_really_be_taken(block_size: int, most: int) -> None:
    with pytest.raises(UserError) as refused:
        count("some", block_size, most)
    for offered in str(refused.value).split("`")[1::2]:
        assert 0 <= count(offered, block_size, most) <= most


WORDS = "40 2 0 1.5 ½ half a an and + x * / - block blocks of couple dozen hundred thousand forty five none q ~ 😀 ٤ ."
PIECES = st.lists(st.sampled_from(WORDS.split()), max_size=8)


@given(st.text() | PIECES.map(" ".join) | PIECES.map("".join))
def test_any_text_gives_a_number_in_bounds_or_one_sentence(text: str) -> None:
    try:
        questions = count(text, block_size=25, most=300)
    except UserError as refused:
        answer = str(refused)
    else:
        answer = "."
        assert 0 <= questions <= 300
    assert answer.count("\n") == 0
    assert answer.endswith(".")
