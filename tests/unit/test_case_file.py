"""What a case file may hold, and the words for everything that it may not: value, rule, remedy, place."""

import re

import pytest

from myotome.care.examination import yaml12
from myotome.care.examination.case_file import KEYS, build, parse
from myotome.care.examination.finding_row import FINDING_KEYS
from myotome.care.screening.items import code_of
from myotome.errors import CaseError

GOOD = "findings: [{sign: strength, at: triceps brachii, side: left, result: weak}]\n"


def problems_of(data):
    with pytest.raises(CaseError) as refused:
        parse(data if isinstance(data, bytes) else data.encode(), code_of)
    return refused.value.problems


def problem_of(data):
    (problem,) = problems_of(data)
    return problem


def finding(**row):
    (found,) = build({"findings": [row]}, code_of).findings
    return found


def finding_problem(**row):
    with pytest.raises(CaseError) as refused:
        build({"findings": [row]}, code_of)
    (problem,) = refused.value.problems
    return problem


# Not a file that can be read


@pytest.mark.parametrize(
    ("data", "at", "message"),
    [
        pytest.param(b"", "file", "the file is empty. Give at least 'findings' or 'screening'.", id="empty"),
        pytest.param(
            b"# nothing but a remark\n",
            "file",
            "the file is empty. Give at least 'findings' or 'screening'.",
            id="only a comment",
        ),
        pytest.param(
            b"findings: []\n",
            "file",
            "there is neither 'findings' nor 'screening'. Give at least one of them.",
            id="nothing in it",
        ),
        pytest.param(
            b"person: {age: 40}\n",
            "file",
            "there is neither 'findings' nor 'screening'. Give at least one of them.",
            id="only a person",
        ),
        pytest.param(
            b"- sign: strength\n",
            "file",
            "the file holds a list; a case is a mapping with 'findings' or 'screening'.",
            id="list at top",
        ),
        pytest.param(
            b"weak triceps",
            "file",
            "the file holds text; a case is a mapping with 'findings' or 'screening'.",
            id="text",
        ),
        pytest.param(
            b"42",
            "file",
            "the file holds a number; a case is a mapping with 'findings' or 'screening'.",
            id="number",
        ),
        pytest.param(
            b"a: b: c\n",
            "line 1",
            "not readable as YAML: mapping values are not allowed in this context. Correct that line.",
            id="not YAML",
        ),
        pytest.param(
            b"findings:\n\t- sign: strength\n",
            "line 2",
            "not readable as YAML: found character that cannot start any token. Correct that line.",
            id="tab",
        ),
        pytest.param(
            GOOD.encode("utf-16"),
            "file",
            "byte 0 is not UTF-8 text. Save the file with the encoding UTF-8.",
            id="UTF-16",
        ),
        pytest.param(
            "findings: é".encode("latin-1"),
            "file",
            "byte 10 is not UTF-8 text. Save the file with the encoding UTF-8.",
            id="latin-1",
        ),
        pytest.param(
            b"x" * (yaml12.MOST_BYTES + 1),
            "file",
            "the file is longer than 1000000 bytes, the most that is read. Split it.",
            id="huge",
        ),
        pytest.param(
            b"[" * 100_000,
            "line 1",
            "nested deeper than 12 levels. A case file has four.",
            id="deep",
        ),
        pytest.param(
            b"person: {age: &a 3}\nbuild: {height_cm: *a}\n",
            "line 1",
            "anchors and aliases (& and *) are not read. Write the value out.",
            id="anchor",
        ),
        pytest.param(
            GOOD.encode() + b"---\n" + GOOD.encode(),
            "line 2",
            "a second document starts here. Put one case in each file.",
            id="two documents",
        ),
        pytest.param(GOOD.encode() * 2, "line 2", "the key 'findings' is given twice. Keep one.", id="key twice"),
        pytest.param(
            b"? [a]\n: b\n",
            "line 1",
            "a key is a list or mapping. Keys are plain words.",
            id="key is a list",
        ),
        pytest.param(
            b"findings: !!timestamp soon\n",
            "line 1",
            "tags (words that begin with !) are not read. Write the plain value.",
            id="tag",
        ),
        pytest.param(
            b'complaint: {text: "\\e[2J"}\n' + GOOD.encode(),
            "line 1",
            "a value holds a control character. Take it out.",
            id="escape sequence",
        ),
    ],
)
def test_file_that_is_refused_whole(data, at, message):
    problem = problem_of(data)
    assert (problem.at, problem.message) == (at, message)


@pytest.mark.parametrize("data", [GOOD.encode("utf-16-le"), b"findings: a\x00b"], ids=["UTF-16 without a mark", "NUL"])
def test_nul_bytes(data):
    problem = problem_of(data)
    assert problem.at == "file"
    assert re.fullmatch(r"not readable as YAML: .*#x0000.*\. Save it as plain UTF-8 text\.", problem.message)


@pytest.mark.parametrize(
    "tag", ["!!bool maybe", "!!map [a, b]", "!!float abc", "!!binary a", "!!python/name:os.system x", "!mine x"]
)
def test_no_tag_reaches_a_constructor(tag):
    """Python's own tags would build objects, and the standard ones crash on values of another kind."""
    assert "tags" in problem_of(f"findings: {tag}\n").message


def test_refusals_of_big_files_are_quick_and_short():
    """Thousands of unknown names are not each compared with the whole vocabulary."""
    many = "screening: {" + ", ".join(f"k{n}: no" for n in range(20_000)) + "}"
    assert problem_of(many).message == "20000 answers; at most 300 are read."
    rows = ", ".join("{sign: strength, at: nowhere, side: left, result: weak}" for _ in range(1000))
    last = problems_of(f"findings: [{rows}]")[-1]
    assert (last.at, last.message) == (
        "findings[100]",
        "too many problems to read on. Mend those above first.",
    )
    assert problem_of(f"findings: [{', '.join('[]' for _ in range(1001))}]").message == (
        "1001 findings; at most 1000 are read."
    )
    assert len(problems_of("{" + ", ".join(f"k{n}: no" for n in range(20_000)) + "}")) <= 11


# YAML 1.2 core schema


def test_words_of_yaml_1_1_stay_words():
    """no, yes, on, off and dates are text; 010 is ten, not eight; true, 1e2, ~ are what they look like."""
    assert yaml12.read(b"[no, yes, on, off, 2024-01-01, 12:30:00, 010, 0o10, 1_000, 1e2, true, ~, .nan]") == [
        "no", "yes", "on", "off", "2024-01-01", "12:30:00", 10, "0o10", "1_000", 100.0, True, None, ".nan",
    ]  # fmt: skip
    case = parse(b"person: {age: 046}\nscreening: {night pain: no, anticoagulant: yes}", code_of)
    assert case.person.age == 46
    assert sorted(case.answers.values()) == ["no", "yes"]


def test_byte_order_mark_and_windows_line_ends_are_read():
    plain = parse(GOOD.encode(), code_of)
    assert parse(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(), code_of) == plain


# Names


@pytest.mark.parametrize(
    ("data", "at", "message", "near"),
    [
        pytest.param(
            "findings: [{sign: strenth, at: deltoid, side: left, result: weak}]",
            "findings[0]",
            r"'strenth' is not a known sign\. Did you mean strength or .*\?",
            "strength",
            id="sign",
        ),
        pytest.param(
            "findings: [{sign: strength, at: tricps brachi, side: left, result: weak}]",
            "findings[0]",
            r"'tricps brachi' is not a known site for strength \(muscle, group\)\. Did you mean triceps brachii.*\?",
            "triceps brachii",
            id="muscle",
        ),
        pytest.param(
            "findings: [{sign: test, at: Spurlin, side: left, result: positive}]",
            "findings[0]",
            r"'Spurlin' is not a known site for test \(test\)\. Did you mean Spurling.*\?",
            "Spurling",
            id="test",
        ),
        pytest.param(
            GOOD + "complaint: {area: latral elbow}",
            "complaint.area",
            r"'latral elbow' is not a known site for pain \(area, patch\)\. Did you mean lateral elbow.*\?",
            "lateral elbow",
            id="area",
        ),
        pytest.param(
            "screening: {anticoagulent: yes}",
            "screening.anticoagulent",
            r"'anticoagulent' is not a known screening item; .* Did you mean anticoagulant.*\?",
            "anticoagulant",
            id="screening",
        ),
        pytest.param(
            "findings: [{sign: trophic, at: C6, side: left, result: trophoedma}]",
            "findings[0]",
            r"'trophoedma' is not a result of trophic\. Use one of: trophoedema, .*, absent\.",
            None,
            id="trophic change",
        ),
    ],
)
def test_unknown_names(data, at, message, near):
    problem = problem_of(data)
    assert problem.at == at
    assert re.fullmatch(message, problem.message), problem.message
    if near is not None:
        assert problem.did_you_mean[0] == near
        assert problem.as_dict()["did_you_mean"][0] == near
    else:
        assert "did_you_mean" not in problem.as_dict()


def test_name_like_nothing_says_where_to_look():
    problem = finding_problem(sign="strength", at="$$$", side="left", result="weak")
    assert problem.message == "'$$$' is not a known site for strength (muscle, group). See 'myotome vocabulary'."


# Values


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"grade": 7}, "grade 7 is outside MRC 0 to 5. Correct the grade."),
        ({"grade": "four"}, "grade four is outside MRC 0 to 5. Correct the grade."),
        ({"grade": True}, "grade True is outside MRC 0 to 5. Correct the grade."),
        ({"value": 5, "result": "weak"}, "a strength has no value. Write grade for MRC 0 to 5."),
        ({"grade": 5, "result": "weak"}, "result 'weak' with grade 5 contradict each other. Keep the right one."),
        ({"grade": 3, "result": "normal"}, "result 'normal' with grade 3 contradict each other. Keep the right one."),
        ({}, "this strength has no result. Use one of: weak, normal."),
        ({"result": "brisk"}, "'brisk' is not a result of strength. Use one of: weak, normal."),
        ({"result": "present"}, "'present' is not a result of strength. Use one of: weak, normal."),
        ({"result": ["weak"]}, "'['weak']' is not a result of strength. Use one of: weak, normal."),
        (
            {"result": "weak", "side": None},
            "this strength at triceps brachii has no side. Add side: left, right or both.",
        ),
        ({"result": "weak", "side": "up"}, "side is 'up'; use left, right or both."),
        ({"result": "weak", "at": None}, "this strength has no 'at'. Say where it was looked for."),
        ({"result": "weak", "sign": None}, "this finding has no 'sign'. Say what was looked at, such as strength."),
        ({"result": "weak", "when": "during"}, "when is 'during'; use before or after (treatment)."),
        ({"result": "weak", "colour": "red"}, "'colour' is not known here. Use: " + ", ".join(FINDING_KEYS) + "."),
        (
            {"result": "weak", "at": "right triceps brachii"},
            "the name says right and the side says left. Keep the right one.",
        ),
        (
            {"sign": "reflex", "at": "triceps reflex", "grade": -1},
            "grade -1 is outside reflex 0 to 4. Correct the grade.",
        ),
        (
            {"sign": "reflex", "at": "triceps reflex", "grade": 4, "result": "absent"},
            "result 'absent' with grade 4 contradict each other. Keep the right one.",
        ),
        (
            {"sign": "reflex", "at": "triceps reflex", "result": "positive"},
            "'positive' is not a result of reflex. Use one of: absent, reduced, normal, brisk.",
        ),
        ({"sign": "reflex", "at": "Babinski", "grade": 3}, "Babinski has no grade. Give a result instead."),
        (
            {"sign": "sensation", "at": "thumb", "result": "weak"},
            "'weak' is not a result of sensation. Use one of: reduced, heightened, normal.",
        ),
        ({"sign": "sensation", "at": "thumb", "grade": 1}, "a sensation has no grade. Give a result instead."),
        (
            {"sign": "range", "at": "neck rotation", "result": "brisk"},
            "'brisk' is not a result of range. Use one of: limited, normal.",
        ),
        (
            {"sign": "tenderness", "at": "spinous process", "result": "present"},
            "'spinous process' has no level. Write it as 'spinous process C5'.",
        ),
        (
            {"sign": "pain", "at": "arm", "intensity": 0, "result": "present"},
            "pain is 'present' with intensity 0. Keep the right one.",
        ),
    ],
)
def test_bad_finding(row, message):
    whole = {"sign": "strength", "at": "triceps brachii", "side": "left", **row}
    problem = finding_problem(**whole)
    assert (problem.at, problem.message) == ("findings[0]", message)


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("person: {age: 200}", "person.age", "'200' is not a number from 0 to 120 (years)."),
        ("person: {age: old}", "person.age", "'old' is not a number from 0 to 120 (years)."),
        ("person: {age: 1e999}", "person.age", "'inf' is not a number from 0 to 120 (years)."),
        ("person: {sex: none}", "person.sex", "sex is 'none'; use female, male or other, or leave it out."),
        ("person: {name: N}", "person", "'name' is not known here. Use: age, sex."),
        ("person: [40]", "person", "'person' is a list; it must be a mapping such as {a: 1}."),
        ("build: {weight_kg: 0}", "build.weight_kg", "'0' is not a number from 1 to 400 (kg)."),
        ("complaint: {side: up}", "complaint.side", "side is 'up'; use left, right or both."),
        (
            "complaint: {side: left, area: right elbow}",
            "complaint.side",
            "the name says right and the side says left. Keep the right one.",
        ),
        (
            "screening: {night pain: maybe}",
            "screening.night pain",
            "the answer is 'maybe'; use one of: yes, no, not asked. Not asked is not no.",
        ),
        ("patient: {age: 3}", "patient", "'patient' is not a part of a case file. Use: " + ", ".join(KEYS) + "."),
    ],
)
def test_bad_part(text, at, message):
    problem = problem_of(GOOD + text)
    assert (problem.at, problem.message) == (at, message)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("3", "this finding is a number; it must be {sign, at, side, result}."),
        ("weak triceps", "this finding is text; it must be {sign, at, side, result}."),
        ("~", "this finding is empty; it must be {sign, at, side, result}."),
        ("[a]", "this finding is a list; it must be {sign, at, side, result}."),
    ],
)
def test_finding_that_is_no_finding(row, message):
    problem = problem_of(f"findings: [{row}]")
    assert (problem.at, problem.message) == ("findings[0]", message)


def test_findings_that_are_no_list():
    problem = problem_of("findings: {sign: strength}")
    assert problem.message == "'findings' is a mapping; it must be a list, one finding a line."


def test_weak_and_normal_at_once_names_both_places():
    """Also by another name, by a grade, or by 'both' against one side."""
    for second in (
        "{sign: strength, at: triceps brachii, side: left, result: normal}",
        "{sign: power, at: triceps, side: left, grade: 5}",
        "{sign: strength, at: triceps brachii, side: both, result: normal}",
    ):
        problem = problem_of(GOOD.replace("]\n", f", {second}]\n"))
        assert problem.at == "findings[1]"
        assert problem.message == (
            "strength at triceps brachii, left, is 'normal' here and 'weak' in findings[0]. "
            "Keep one, or mark a re-test with 'when: after'."
        )
    retest = "{sign: strength, at: triceps brachii, side: left, result: normal, when: after}"
    assert len(parse(GOOD.replace("]\n", f", {retest}]\n").encode(), code_of).findings) == 2


def test_every_problem_is_told_at_once():
    problems = problems_of(
        "person: {age: -1}\nfindings:\n  - {sign: strength, at: deltoid, side: left, grade: 9}\n  - {sign: nothing}\n"
    )
    assert [p.at for p in problems] == ["person.age", "findings[0]", "findings[1]"]


# What is read


@pytest.mark.parametrize(
    ("row", "result", "grade"),
    [
        ({"grade": 4}, "weak", 4.0),
        ({"grade": "4+"}, "weak", 4.25),
        ({"grade": "4/5"}, "weak", 4.0),
        ({"grade": "5-"}, "weak", 4.75),
        ({"grade": 5}, "normal", 5.0),
        ({"grade": 0}, "weak", 0.0),
        ({"result": "pain-weak"}, "weak", None),
        ({"result": "absent"}, "weak", None),
        ({"sign": "weakness", "result": "absent"}, "normal", None),
        ({"sign": "weakness", "result": "present"}, "weak", None),
        ({"sign": "weakness", "result": True}, "weak", None),
        ({"sign": "reflex", "grade": 0}, "absent", 0.0),
        ({"sign": "reflex", "grade": 1}, "reduced", 1.0),
        ({"sign": "reflex", "grade": 2}, "normal", 2.0),
        ({"sign": "reflex", "grade": 4}, "brisk", 4.0),
        ({"sign": "sensation", "at": "thumb", "result": "absent"}, "reduced", None),
        ({"sign": "numbness", "at": "thumb", "result": "absent"}, "normal", None),
        ({"sign": "numbness", "at": "thumb", "result": "present"}, "reduced", None),
        ({"sign": "sensation", "at": "thumb", "result": "burning"}, "heightened", None),
        ({"sign": "range", "at": "neck rotation", "value": 20}, "limited", None),
        ({"sign": "range", "at": "neck rotation", "value": 80}, "normal", None),
        ({"sign": "pain", "at": "arm", "intensity": 0}, "absent", None),
        ({"sign": "pain", "at": "arm", "intensity": 3}, "present", None),
        ({"sign": "reflex", "at": "Babinski", "result": "upgoing"}, "positive", None),
    ],
    ids=str,
)
def test_results_and_grades(row, result, grade):
    """A clinician's word means what it means beside the sign as written: no weakness is not no strength."""
    found = finding(**{"sign": "strength", "at": "triceps", "side": "left", **row})
    assert (found.result, found.grade) == (result, grade)


def test_midline_needs_no_side_and_a_name_may_say_it():
    assert finding(sign="tenderness", at="spinous process L4", result="present").side == "both"
    assert finding(sign="strength", at="left deltoid", result="weak").side == "left"
    gloves = build({"findings": [{"sign": "sensation", "at": "both hands", "result": "reduced"}]}, code_of).findings
    assert [(f.site.name, f.side) for f in gloves] == [
        ("glove area of the hands", "left"),
        ("glove area of the hands", "right"),
    ]


def test_not_tested_leaves_no_trace():
    row = {"sign": "strength", "at": "deltoid", "side": "left", "result": "not tested"}
    assert build({"findings": [row]}, code_of).findings == ()
