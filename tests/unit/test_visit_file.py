"""The parts of a case file that a plan needs: every bad value with value, rule and remedy; good ones read exactly."""

import datetime

import pytest

from myotome.care.examination.case_file import KEYS, parse
from myotome.care.examination.visit import Background, Clearance, Settings, Stated, Visit
from myotome.care.screening.items import code_of
from myotome.errors import CaseError

GOOD = "screening: {consent: yes}\n"
FIELDS = "flag, by, role, date, found, valid_until"
WHO = "A clearance says who, in what role, when, what was found and until when."
CLEARED = (
    "flag: night pain, by: Dr A. Lee, role: physician, date: 2026-11-02, found: scan normal, valid_until: 2027-02-02"
)


def read(text):
    return parse((GOOD + text).encode(), code_of)


def problems_of(text):
    with pytest.raises(CaseError) as refused:
        read(text)
    return [(problem.at, problem.message) for problem in refused.value.problems]


# Medicines, conditions, implants


@pytest.mark.parametrize("name", ["medicines", "conditions", "implants"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("none", ()), ("None", ()), ("no", ()), ("false", ()),
        ("not asked", None), ("~", None), ("", None),
        ("[Eliquis 5 mg]", (Stated("Eliquis 5 mg"),)),
        ('["  two   words "]', (Stated("two words"),)),
        ("[{what: plate, side: L}]", (Stated("plate", "left"),)),
        ("[plate in the right arm]", (Stated("plate in the right arm", "right"),)),
        ("[{what: plate}, zolpidèm]", (Stated("plate"), Stated("zolpidèm"))),
    ],
)  # fmt: skip
def test_lists_of_the_person(name, value, expected):
    assert getattr(read(f"{name}: {value}").background, name) == expected


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("left breast implant", "left"),
        ("breast implants, both sides", "both"),
        ("left and right breast implants", "both"),
        ("hip replaced right, knee replaced left", "both"),
        ("Right mastectomy; LEFT mastectomy", "both"),
        ("screws left in the leg", None),
        ("lymphoedema left untreated, right arm", "right"),
        ("pacemaker, right after the heart attack", None),
        ("copyright leftovers", None),
    ],
)
def test_no_side_is_lost_or_invented(text, side):
    """Two sides in one line are both: a side that were dropped would free its side for needling."""
    assert read(f"implants: ['{text}']").background.implants == (Stated(text, side),)


RULE = "give a list of 1 to 100, or none, or not asked."
ITEM = "write its name, at most 400 letters."
INSTEAD = "stands in a list. Write it in place of the list, or take it out."


@pytest.mark.parametrize(
    ("value", "at", "message"),
    [
        ("[]", "", f"'medicines' is a list of 0; {RULE}"),
        ("3", "", f"'medicines' is a number; {RULE}"),
        ("true", "", f"'medicines' is true or false; {RULE}"),
        ("warfarin", "", f"'medicines' is text; {RULE}"),
        ("{warfarin: 5 mg}", "", f"'medicines' is a mapping; {RULE}"),
        (f"[{'a, ' * 101}]", "", f"'medicines' is a list of 101; {RULE}"),
        ("[3]", "[0]", f"this is a number; {ITEM}"),
        ("[aspirin, ~]", "[1]", f"this is empty; {ITEM}"),
        ("['']", "[0]", f"this is text; {ITEM}"),
        ("[[aspirin]]", "[0]", f"this is a list; {ITEM}"),
        ("[true]", "[0]", f"this is true or false; {ITEM}"),
        (f"[{'a' * 401}]", "[0]", f"this is text; {ITEM}"),
        ("[{side: left}]", "[0]", f"this is empty; {ITEM}"),
        ("[{what: {what: a}}]", "[0]", f"this is a mapping; {ITEM}"),
        ("[{what: a, dose: 5}]", "[0]", "'dose' is not known here. Use: what, side."),
        ("[{what: a, side: up}]", "[0].side", "side is 'up'; use left, right or both."),
        ("[{what: left a, side: right}]", "[0].side",
         "the name says left and the side says right. Keep the right one."),
        ("[not asked]", "[0]", f"'not asked' {INSTEAD}"),
        ("[aspirin, None]", "[1]", f"'None' {INSTEAD}"),
        ("[no medicines]", "[0]", f"'no medicines' {INSTEAD}"),
    ],
)  # fmt: skip
def test_bad_list(value, at, message):
    assert problems_of(f"medicines: {value}") == [(f"medicines{at}", message)]


# The visit


def test_visit_read_exactly():
    text = "visit: {number: 2, minutes: 45.5, max_needles: 0, positions: [Seated, prone, prone], needle_fear: yes, "
    case = read(text + "last_reaction: 'felt  Faint', tender_points: 16, date: 2026-11-21}\nsettings: {}")
    day = datetime.date(2026, 11, 21)
    assert case.visit == Visit(2, 45.5, 0, ("seated", "prone"), "yes", "felt faint", 16, day)
    assert (
        read("").visit == Visit() == read("visit: {}").visit == read("visit: {last_reaction: ~, needle_fear: ~}").visit
    )
    assert [read(f"visit: {{last_reaction: {said}}}").visit.last_reaction for said in ("none", "no", "false")] == [
        "none"
    ] * 3
    assert read("visit: {positions: supine}").visit.positions == ("supine",)
    said = read("settings: {homeostatic_points: yes, specialist_points: false}").settings
    assert (said, read("settings: {homeostatic_points: not asked}").settings) == (Settings(True, False), Settings())


ANSWERS = "use one of: yes, no, not asked."
WAYS = "give at least one of prone, supine, side-lying, seated."


@pytest.mark.parametrize(
    ("value", "at", "message"),
    [
        ("number: 0", ".number", "'0' is not a number from 1 to 1000 (counted from 1)."),
        ("number: 1.5", ".number", "'1.5' is no whole number. Give one."),
        ("number: first", ".number", "'first' is not a number from 1 to 1000 (counted from 1)."),
        ("number: true", ".number", "'True' is not a number from 1 to 1000 (counted from 1)."),
        ("minutes: 0", ".minutes", "'0' is not a number from 1 to 240 (minutes)."),
        ("minutes: 1e400", ".minutes", "'inf' is not a number from 1 to 240 (minutes)."),
        ("minutes: .nan", ".minutes", "'.nan' is not a number from 1 to 240 (minutes)."),
        ("minutes: '30'", ".minutes", "'30' is not a number from 1 to 240 (minutes)."),
        ("max_needles: -1", ".max_needles", "'-1' is not a number from 0 to 100 (needles)."),
        ("max_needles: [8]", ".max_needles", "'[8]' is not a number from 0 to 100 (needles)."),
        ("tender_points: 17", ".tender_points", "'17' is not a number from 0 to 16 (of the 16 test points)."),
        ("tender_points: 0.5", ".tender_points", "'0.5' is no whole number. Give one."),
        ("positions: []", ".positions", f"the positions are '[]'; {WAYS}"),
        ("positions: [prone, standing]", ".positions", f"the positions are '['prone', 'standing']'; {WAYS}"),
        ("positions: {prone: yes}", ".positions", f"the positions are '{{'prone': 'yes'}}'; {WAYS}"),
        ("needle_fear: some", ".needle_fear", f"the answer is 'some'; {ANSWERS}"),
        ("needle_fear: 1", ".needle_fear", f"the answer is '1'; {ANSWERS}"),
        ("last_reaction: 3", ".last_reaction", "this is a number; say what happened, or none."),
        ("last_reaction: [faint]", ".last_reaction", "this is a list; say what happened, or none."),
        ("date: today", ".date", "'today' is no date. Write it as 2026-11-21."),
        ("date: 2026-02-30", ".date", "'2026-02-30' is no date. Write it as 2026-11-21."),
        ("date: 21.11.2026", ".date", "'21.11.2026' is no date. Write it as 2026-11-21."),
        ("nummer: 1", "", "'nummer' is not known here. Use: number, minutes, max_needles, positions, needle_fear, "
         "last_reaction, tender_points, date."),
    ],
)  # fmt: skip
def test_bad_visit(value, at, message):
    assert problems_of(f"visit: {{{value}}}") == [(f"visit{at}", message)]


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("visit: 2", "visit", "'visit' is a number; it must be a mapping such as {a: 1}."),
        ("settings: [yes]", "settings", "'settings' is a list; it must be a mapping such as {a: 1}."),
        ("settings: {homeostatic_points: maybe}", "settings.homeostatic_points", f"the answer is 'maybe'; {ANSWERS}"),
        ("settings: {homeostatic: yes}", "settings",
         "'homeostatic' is not known here. Use: homeostatic_points, specialist_points."),
        ("reasons: because I say so", "reasons", "'reasons' is text; it must be a mapping such as {a: 1}."),
        ("medicine: [a]", "medicine", f"'medicine' is not a part of a case file. Use: {', '.join(KEYS)}."),
        ('medicines: ["asp\\u0007irin"]', "line 2", "a value holds a control character. Take it out."),
    ],
)  # fmt: skip
def test_bad_part(text, at, message):
    assert problems_of(text) == [(at, message)]


# Clearances and reasons


def test_clearance_read_exactly():
    dates = datetime.date(2026, 11, 2), datetime.date(2027, 2, 2)
    (one,) = read(f"clearances: [{{{CLEARED}}}]").clearances
    assert one == Clearance("night pain", "Dr A. Lee", "physician", dates[0], "scan normal", dates[1])
    assert read("clearances: []").clearances == read("clearances: ~").clearances == ()
    assert [one.holds_on(day) for day in (*dates, datetime.date(2026, 11, 1), datetime.date(2027, 2, 3))] == [
        True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "at", "message"),
    [
        (("found: scan normal", "found: ''"), "", f"no found. {WHO}"),
        (("by: Dr A. Lee, role: physician, ", ""), "", f"no by, role. {WHO}"),
        (("by: Dr A. Lee", "by: [A, B]"), "", "by must be words; this is a list."),
        (("found: scan normal", "found: true"), "", "found must be words; this is true or false."),
        (("flag: night pain", "flag: 7"), "", "flag must be words; this is a number."),
        (("2026-11-02", "November"), ".date", "'November' is no date. Write it as 2026-11-21."),
        (("2027-02-02", "2027-13-02"), ".valid_until", "'2027-13-02' is no date. Write it as 2026-11-21."),
        (("2027-02-02", "2026-11-01"), "",
         "valid_until 2026-11-01 lies before its date 2026-11-02. Correct one of the two."),
        (("flag:", "note: seen, flag:"), "", f"'note' is not known here. Use: {FIELDS}."),
    ],
)  # fmt: skip
def test_bad_clearance(change, at, message):
    assert problems_of(f"clearances: [{{{CLEARED.replace(*change)}}}]") == [(f"clearances[0]{at}", message)]


@pytest.mark.parametrize(
    ("value", "at", "message"),
    [
        (f"{{{CLEARED}}}", "", "'clearances' is a mapping; give a list of at most 100."),
        (f"[{', '.join(['a'] * 101)}]", "", "'clearances' is a list of 101; give a list of at most 100."),
        ("[night pain is fine]", "[0]", f"this is text; give {FIELDS}."),
    ],
)
def test_clearances_that_are_none(value, at, message):
    assert problems_of(f"clearances: {value}") == [(f"clearances{at}", message)]


def test_reasons():
    words = "write at least three words and at most 1000 letters on why it is right for this person."
    assert read('reasons: {"Lean  Build": "pinch grip,  seen before"}').reasons == (
        ("lean build", "pinch grip, seen before"),
    )
    for value, said in (
        ("''", f"the reason is ''; {words}"),
        ("~", f"the reason is ''; {words}"),
        ("yes please", f"the reason is 'yes please'; {words}"),
        ("a " * 501, f"the reason is '{'a ' * 28}a...'; {words}"),
        ("[why, not, now]", "this is a list; write it in words."),
        ("{a: b}", "this is a mapping; write it in words."),
        ("true", "this is true or false; write it in words."),
    ):
        assert problems_of(f"reasons: {{lean build: {value}}}") == [("reasons.lean build", said)]
    many = ", ".join(f"k{number}: ''" for number in range(101))
    assert problems_of(f"reasons: {{{many}}}") == [("reasons", "101 reasons; at most 100 are read.")]


def test_every_problem_of_every_part_is_told_at_once():
    text = "medicines: 1\nvisit: {number: 0}\nsettings: {a: 1}\nclearances: 1\nreasons: {a: b}\n"
    assert [at for at, _ in problems_of(text)] == ["medicines", "visit.number", "settings", "clearances", "reasons.a"]
    assert read("").background == Background()
