"""Does every line that is shipped keep to what may be said to somebody who failed yesterday?"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from string import Formatter

import pytest

from bot.data.lines import lines, parse
from bot.domain.facts import FactKind
from bot.domain.lines import LEAST_COOL_DOWN, LONGEST, PLACEHOLDERS, Line, Moment, Said, Tone
from bot.domain.phases import GENTLE, STUDYING, Phase
from bot.ui.lines import text_of

SHIPPED = lines()
MANY = 99_999
"""More than anybody does in four weeks."""
HARDEST_GRADE = 8.0


def _facts(names: str) -> frozenset[FactKind]:
    return frozenset(FactKind(name) for name in names.split())


GENTLE_FACTS = _facts("gentle_looked gentle_quiet gentle_first_week gentle_later")
COUNTS = _facts("kept_this_week questions_this_week kept_so_far kept_four_weeks questions_four_weeks")
COMMON = COUNTS | _facts("usual_reached floor_reached floor_three_days")
BAD_DAYS = _facts("not_today_said some_done")
NEVER_TOGETHER = (
    _facts("first_day after_pause after_rough_day back_after_gap after_reserve rest_taken"),
    _facts("some_done floor_reached usual_reached"),
    _facts("some_done floor_three_days"),
    _facts("some_done floor_chosen"),
    _facts("usual_reached floor_chosen"),
    _facts("usual_reached lighter_day"),
    _facts("kept_so_far kept_four_weeks"),
    _facts("gentle_looked gentle_quiet"),
    _facts("gentle_first_week gentle_later"),
    *({FactKind.FIRST_DAY, count} for count in COUNTS),
    *({FactKind.NOT_TODAY_SAID, kind} for kind in set(FactKind) - COUNTS - BAD_DAYS),
    BAD_DAYS,
)
"""Facts of which a day has one at most, as bot/domain/facts.py finds them."""


def _words(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b", re.IGNORECASE)


FORBIDDEN = {
    "hype": _words(
        "you'?ve got this", "amazing", "awesome", "incredible", "fantastic", "brilliant", "crush(?:ed|ing)?", "proud",
        "well done", "good job", "great (?:job|work)", "keep (?:it up|going)", "don'?t give up", "no excuses",
        "believe in", "everything happens for a reason", "warrior", "hero", "champion",
    ),
    "links days": _words("streaks?", "chains?", "in a row", "unbroken", "consecutive", "back to back", "every single"),
    "names the exam or its end": _words(
        "exams?", "step (?:1|2|one|two)", "usmle", "pass(?:es|ed|ing)?", "fail(?:s|ed|ing|ures?)?",
        "scor(?:es?|ed|ing)", "results?", "match(?:es|ed)?", "verdicts?", "retakes?", "attempts?",
    ),
    "foretells": _words("will", "won'?t", r"\w+'ll", "soon", "going to", "guarantee[sd]?", "promise you"),
    "claims a cause": _words("because", "that(?:'s| is) why", "th(?:is|at) means", "therefore", "thanks to"),
    "presses": _words("only", "just", "simply", "must", "should", "ought", "catch up", "harder", "lazy", "lost time"),
    "compares people": _words(
        "most (?:people|students)", "better than", "than most", "other (?:people|students)", "everyone else", "average",
        "everybody else", "rank(?:s|ed)?", "ahead of (?:others|people)",
    ),
    "praises going on regardless": _words(
        "still did", "despite", "in spite of", "even though", "push(?:ed|ing)? (?:on|through)", "power(?:ed)? through",
        "anyway", "no matter", "tough(?:er)?", "soldier(?:ed)? on",
    ),
    "has a denominator": re.compile(r"%|\bper ?cent\b|\bout of\b|\d\s*/|\}\s*/|\}\s+of\b|\bof \{", re.IGNORECASE),
    "shouts": re.compile("[!！¡]|[A-Z]{3,}"),
}  # fmt: skip
DAYS_OF_SPEAKING = _words("today", "tonight", "yesterday", "tomorrow", "this (?:week|morning|evening)")
ANSWER = re.compile(r"\bnot today\b", re.IGNORECASE)
GENTLE_FORBIDDEN = _words(
    "questions?", "blocks?", "study(?:ing)?", "work", "goals?", "floor", "dates?", "prepar(?:e|ing)",
    "mood", "sad", "help",
)  # fmt: skip
CLAIMS = _words(
    "research(?:ers)?", "stud(?:y|ies) (?:of|with|finds?)", "in one study", "experiments?", "science", "proven"
)
ONE_AS_MANY = re.compile(r"\{(?!kept|gap|questions_month)\w+\}(?: \w+){0,2} (?:are|were|have|aren't|stay|wait)\b")


def faults(line: Line) -> set[str]:
    """What is wrong with one line, as far as a program can see."""
    found = {name for name, pattern in FORBIDDEN.items() if pattern.search(line.text)}
    checks = {
        "pictures": any(unicodedata.category(letter) in {"So", "Sk", "Sm", "Cs", "Co", "Cf"} for letter in line.text),
        "too long": len(rendered(line, MANY)) > LONGEST,
        "cool-down": line.cool_down < LEAST_COOL_DOWN,
        "half a source": bool(line.source) != bool(line.as_of),
        "claims without a source": bool(CLAIMS.search(line.text)) and not line.source,
        "one as many": bool(ONE_AS_MANY.search(line.text)),
        "other numbers than its facts": not _cites_its_facts(line),
        "can never be true": any(len(apart & line.needs) > 1 for apart in NEVER_TOGETHER),
        "wrong phase": not _in_its_phases(line),
        "last stretch alone": line.needs == _facts("last_stretch"),
        "names the day of speaking": Moment.EVENING in line.said
        and bool(DAYS_OF_SPEAKING.search(ANSWER.sub("", line.text))),
        "asks for work": Moment.GENTLE in line.said and bool(GENTLE_FORBIDDEN.search(line.text)),
        "no sentence": not re.fullmatch(r"(?:\{|[A-Z]).*[.]", line.text) or "  " in line.text,
    }
    return found | {name for name, wrong in checks.items() if wrong}


def _cites_its_facts(line: Line) -> bool:
    """Every number is said and no other, but for the length of a silence: it may stay unsaid."""
    said = {name for _, name, _, _ in Formatter().parse(line.text) if name is not None}
    brought = {PLACEHOLDERS[kind] for kind in line.needs if kind in PLACEHOLDERS}
    return said <= brought and brought - said <= {PLACEHOLDERS[FactKind.BACK_AFTER_GAP]}


def _in_its_phases(line: Line) -> bool:
    if Moment.GENTLE in line.said or line.needs & GENTLE_FACTS:
        return line.said == frozenset({Moment.GENTLE}) and line.needs <= GENTLE_FACTS and line.phases <= GENTLE
    near = frozenset({Phase.LAST_STRETCH})
    return line.phases <= STUDYING and (FactKind.LAST_STRETCH not in line.needs or line.phases == near)


def rendered(line: Line, number: int) -> str:
    """As a member reads it; a name that its facts do not bring is left as it stands."""
    known = {kind for kind, name in PLACEHOLDERS.items() if f"{{{name}}}" in line.text}
    unknown = set(re.findall(r"\{(\w*)\}", line.text)) - set(PLACEHOLDERS.values())
    return line.text if unknown else text_of(Said(line=line, true=dict.fromkeys(known, number)))


def grade(texts: Iterable[str]) -> float:
    """Flesch-Kincaid grade of all texts together; a syllable is a run of vowels, without a silent last e."""
    whole = " ".join(texts)
    words = re.findall(r"[A-Za-z']+|\d+", whole)
    sentences = len(re.findall(r"[.?](?:\s|$)", whole))
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<![l])e\b", "", word.lower())))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def bad(text: str, *needs: FactKind, said: Moment = Moment.EVENING) -> Line:
    facts = frozenset(needs or {FactKind.KEPT_THIS_WEEK})
    phases = GENTLE if said is Moment.GENTLE else STUDYING
    return Line(id="bad", said=frozenset({said}), needs=facts, tone=Tone.PLAIN, phases=phases, text=text)


GOOD = bad("{kept_week} since Monday. Each counts whole.")


def test_every_shipped_line_keeps_every_rule() -> None:
    assert {line.id: found for line in SHIPPED if (found := faults(line))} == {}
    assert faults(GOOD) == set()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{kept_week}: you've got this.", "hype"),
        ("{kept_week}, AMAZING", "hype"),
        ("{kept_week} in a row.", "links days"),
        ("{kept_week}, a fine streak.", "links days"),
        ("{kept_week}. The exam can come.", "names the exam or its end"),
        ("{kept_week}, whatever you scored.", "names the exam or its end"),
        ("{kept_week}. You'll be fine.", "foretells"),
        ("{kept_week}. Soon it gets easier.", "foretells"),
        ("{kept_week}. That's why it sticks.", "claims a cause"),
        ("{kept_week}. Just go on.", "presses"),
        ("Only {kept_week}.", "presses"),
        ("{kept_week}, more than most people.", "compares people"),
        ("{kept_week}, even though you were ill.", "praises going on regardless"),
        ("{kept_week} out of seven days.", "has a denominator"),
        ("{kept_week}, 40% more.", "has a denominator"),
        ("{kept_week}, 3/7.", "has a denominator"),
        ("{kept_week}!", "shouts"),
        ("{kept_week} \N{PARTY POPPER}.", "pictures"),
        ("{kept_week}. Research has shown it.", "claims without a source"),
        ("{kept_week} and {pages}.", "other numbers than its facts"),
        ("A week with days in it.", "other numbers than its facts"),
        ("{kept_week} as of today.", "names the day of speaking"),
        ("{kept_week} since Monday", "no sentence"),
        ("{kept_week}. " + "x" * LONGEST + ".", "too long"),
    ],
)
def test_a_line_that_breaks_a_rule_is_caught(text: str, fault: str) -> None:
    assert fault in faults(bad(text))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (bad("{unseen} were new.", FactKind.UNSEEN), "one as many"),
        (bad("Not today. You rested.", FactKind.NOT_TODAY_SAID, FactKind.REST_TAKEN), "can never be true"),
        (bad("Both.", FactKind.GENTLE_LOOKED, FactKind.GENTLE_QUIET, said=Moment.GENTLE), "can never be true"),
        (bad("The date is close.", FactKind.LAST_STRETCH), "last stretch alone"),
        (bad("The work can wait.", FactKind.GENTLE_LATER, said=Moment.GENTLE), "asks for work"),
        (bad("Early days.", FactKind.GENTLE_FIRST_WEEK), "wrong phase"),
        (replace(GOOD, phases=GENTLE), "wrong phase"),
        (replace(GOOD, phases=frozenset({Phase.WAITING})), "wrong phase"),
        (replace(GOOD, phases=frozenset({Phase.RESULT})), "wrong phase"),
        (replace(GOOD, cool_down=29), "cool-down"),
        (replace(GOOD, source="A paper"), "half a source"),
        (replace(GOOD, as_of="2006"), "half a source"),
    ],
)
def test_a_line_whose_facts_phases_or_source_do_not_fit_is_caught(line: Line, fault: str) -> None:
    assert fault in faults(line)


@pytest.mark.parametrize(
    "change",
    [
        ('text = "{kept_week}."', 'text = "{pages}."'),
        ('tone = "plain"', 'tone = "none"'),
        ('said = ["log"]', 'said = ["gentle"]'),
        ('tone = "plain"', 'tone = "plain"\nphases = ["waiting"]'),
        ('tone = "plain"', 'tone = "plain"\ncool_down = 7'),
        ('tone = "plain"', 'tone = "plain"\nsource = "A paper"'),
        ('tone = "plain"', 'tone = "plain"\nmood = "good"'),
        ('needs = ["kept_this_week"]', "needs = []"),
        ("[[line]]", '[[line]]\nid = "a"\nsaid = ["log"]\nneeds = ["notebook"]\ntone = "dry"\ntext = "A."\n[[line]]'),
    ],
)
def test_a_broken_file_is_not_read(change: tuple[str, str]) -> None:
    whole = '[[line]]\nid = "a"\nsaid = ["log"]\nneeds = ["kept_this_week"]\ntone = "plain"\ntext = "{kept_week}."\n'
    assert len(parse(whole)) == 1
    with pytest.raises(ValueError, match="1 validation error"):
        parse(whole.replace(*change))


def test_no_two_lines_have_the_same_id_or_the_same_words() -> None:
    for of_each in ([line.id for line in SHIPPED], [re.sub(r"\W+", " ", line.text).lower() for line in SHIPPED]):
        assert [twin for twin, times in Counter(of_each).items() if times > 1] == []


def test_there_are_lines_enough_for_every_fact_in_every_tone() -> None:
    assert sum(Moment.GENTLE not in line.said for line in SHIPPED) >= 120
    assert sum(Moment.GENTLE in line.said for line in SHIPPED) >= 18
    for kind in FactKind:
        about = [line for line in SHIPPED if kind in line.needs]
        assert {line.tone for line in about} == {Tone.PLAIN, Tone.WARM, Tone.DRY}, kind
        assert len(about) >= (8 if kind in COMMON | BAD_DAYS else 3), kind


@pytest.mark.parametrize("kind", sorted(set(FactKind) - GENTLE_FACTS - {FactKind.LAST_STRETCH}))
def test_whoever_hears_plain_lines_hears_one_about_each_fact_by_itself(kind: FactKind) -> None:
    assert any(line.needs == {kind} and line.tone is Tone.PLAIN and line.phases == STUDYING for line in SHIPPED)


def test_the_file_reads_at_the_eighth_grade_at_most() -> None:
    assert grade(rendered(line, 20) for line in SHIPPED) <= HARDEST_GRADE
    assert (
        grade(["Consistent longitudinal participation characteristically accompanies consolidation."]) > HARDEST_GRADE
    )
    assert grade(["The cat sat on the mat."]) < 2
