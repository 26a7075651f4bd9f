"""Forecasts of courses on a small library, and `myotome forecast`."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from benchmarks.forecast.page import page

from myotome.care.course import library as of_library
from myotome.care.course.assumptions import assumptions, ordinal
from myotome.care.course.course_file import build_course
from myotome.care.course.forecast import READY, forecast, kept, made, needed
from myotome.care.course.library import again, waiting
from myotome.care.course.numbers import numbers
from myotome.care.course.plan import answers, planned
from myotome.cli import forecast as command
from myotome.cli import forecast_page
from myotome.cli.main import parser
from myotome.mechanism.forecast import weigh
from myotome.paper import forecast_curve
from myotome.store import Store
from tests.house.tree import ROOT

EXAMPLES = ROOT / "examples" / "courses"
SCORES = [(6, 72, 76), (5, 76, 80), (4, 82, 86), (3, 84, 90)]


@cache
def people():
    return waiting(1500, (1,))


@cache
def small(plan):
    return made(plan, kept(plan, people), people)


def course(scores, every=7, **more):
    rows = [
        {"day": every * n, "pain": pain, "range": {"spine": spine, "limb": limb}, "needled": "both"}
        for n, (pain, spine, limb) in enumerate(scores)
    ]
    return build_course({"sessions": rows, **more})


def test_a_forecast_has_band_sessions_and_chance_with_what_it_assumes():
    found = forecast(course(SCORES, alongside=["paracetamol"]), small)
    assert found.status == READY
    assert [week.week for week in found.weeks] == list(range(4, 16)), "twelve weeks from the last score"
    assert all(0 <= w.low <= w.middle <= w.high <= 10 for w in found.weeks)
    assert 1 <= found.needed[0] <= found.needed[1] <= found.needed[2] <= found.planned + 1 == 15
    assert 0.0 <= found.not_responding <= 1.0
    assert found.assumptions == (
        "Sessions go on every 7 days up to the 14th (day 91), limb and spine needled; none comes after it.",
        "Not reckoned with: paracetamol.",
    )
    shape = found.as_dict()
    assert shape["caution"].startswith("A theory made to run, not evidence")
    assert json.loads(json.dumps(shape)) == shape
    bare = forecast(course(SCORES), small)
    assert (bare.weeks, bare.needed) == (found.weeks, found.needed), "the same scores, the same forecast"


def test_more_pain_is_forecast_for_who_does_not_get_better():
    better = forecast(course([(7, 70, 74), (4, 82, 84), (2, 90, 92)]), small)
    worse = forecast(course([(7, 70, 74), (7, 70, 74), (6, 70, 74)]), small)
    assert worse.weeks[3].mean > better.weeks[3].mean + 1.0
    assert worse.not_responding > better.not_responding
    assert worse.needed[1] > better.needed[1]


@pytest.mark.parametrize(
    ("scores", "status", "words"),
    [
        (SCORES[:2], "waits", "A forecast waits until the pain at 3 sessions is known; it is known at 2."),
        ([(6, 70, 74), (None, 76, 80), (4, 80, 84)], "waits", "it is known at 2"),
        ([(2, 90, 90), (2, 90, 90), (1, 90, 90)], "outside", "begin with 3 or more; here the first score is 2"),
        ([(None, 80, 80), *SCORES[:3]], "outside", "here the first score is not known"),
        ([(9, 70, 74), (0, 70, 74), (10, 70, 74), (0, 70, 74)], "unlike", "unlike any simulated person"),
        ([(10, None, None), (0, None, None), (10, None, None)], "unlike", "nothing is forecast"),
        ([(6, 20, 100), (5, 100, 20), (4, 20, 100)], "unlike", "unlike any simulated person"),
    ],
)
def test_where_nothing_can_be_said_it_says_why(scores, status, words):
    found = forecast(course(scores), small)
    assert (found.status, found.weeks) == (status, ())
    assert words in found.sentence
    assert set(found.as_dict()) == {"status", "sentence", "sessions_known", "evidence", "caution"}


def test_a_course_beyond_the_library_is_outside():
    found = forecast(course(SCORES[:3], every=141), small)
    assert found.status == "outside"
    assert found.sentence == "A forecast follows 40 weeks from the first session; this course is longer."
    after = forecast(course(SCORES[:3], next={"every": 365}), small)
    assert (after.status, after.sentence) == (
        "outside",
        "A forecast follows 40 weeks from the first session; the next one, on day 379, would come after that. Give a "
        "shorter 'every' under 'next'.",
    )


@pytest.mark.parametrize("rule", ["carriers alike", "carriers too few"])
def test_a_band_does_not_rest_on_a_few_people(monkeypatch, rule):
    told = {**numbers(), rule: 1e6}
    monkeypatch.setattr("myotome.care.course.forecast.numbers", lambda: told)
    found = forecast(course(SCORES), small)
    assert (found.status, found.weeks) == ("few", ())
    assert found.sentence.startswith("Too few simulated people are like this course (")
    assert "; a band takes 1e+06): nothing is forecast. Check the scores and ranges;" in found.sentence


def test_twenty_sessions_leave_a_handful_of_people_and_no_band():
    likely = [(7, 74, 77), (6, 81, 82), (7, 77, 86), (4, 81, 83), (4, 85, 87), (5, 83, 83), (3, 86, 92), (4, 89, 91),
              (3, 86, 95), (2, 92, 90), (2, 87, 95), (1, 94, 96), (3, 93, 95), (1, 96, 91), (1, 92, 98), (2, 96, 95),
              (2, 94, 96), (2, 91, 97), (2, 97, 94), (2, 96, 96)]  # fmt: skip
    found = forecast(course(likely), small)
    assert found.status == "few"
    assert "; a band takes 10): nothing is forecast." in found.sentence


def test_it_says_from_how_many_people_others_were_made(monkeypatch, capsys):
    told_ = {**numbers(), "carriers least": 1e6, "carriers again": 300.0}
    for module in ("forecast", "library"):
        monkeypatch.setattr(f"myotome.care.course.{module}.numbers", lambda: told_)
    found = forecast(course(SCORES), small)
    assert found.again and found.as_dict()["simulated_again_from"] == round(found.parents)
    forecast_page.print_forecast(course(SCORES), found)
    assert f" of equal weight, made from {found.parents:.0f} and simulated again." in capsys.readouterr().out


def test_treatment_is_not_ended_without_a_word():
    coming = planned(course(SCORES * 4, next={"every": 7, "needled": "limb"}))
    assert (coming.had, len(coming.plan.days), coming.plan.days[-1]) == (16, 20, 133.0)
    assert coming.plan.needled[16:] == ("limb",) * 4
    assert len(planned(course(SCORES[:3] * 3)).plan.days) == 14
    late = course(SCORES[:3], every=100)
    assert assumptions(late, planned(course(SCORES[:3], every=80)))[0].startswith("No session comes after the last one")


@pytest.mark.parametrize(
    ("scores", "more", "said"),
    [
        (SCORES, {"next": {"every": 1}}, "Judged with weekly sessions to limb and spine; here every 1 to 7 days."),
        (SCORES, {"every": 1}, "Judged with weekly sessions to limb and spine; here every day."),
        (SCORES, {"every": 1}, "Sessions go on every day up to the 14th (day 13), limb and spine needled; none comes"),
        (SCORES, {"next": {"needled": "limb"}}, "Judged with weekly sessions to limb and spine; here the limb only "),
        (SCORES, {"next": {"every": 3, "needled": "none"}}, "here every 3 to 7 days, nothing needled."),
        (SCORES * 5, {}, "Judged with 3 to 8 known scores; here are 20."),
        (SCORES * 5, {}, "Sessions go on every 7 days up to the 24th (day 161)"),
    ],
)
def test_what_goes_beyond_what_was_judged_is_said(scores, more, said):
    given = course(scores, **more)
    found = assumptions(given, planned(given))
    assert any(said in one for one in found), found


def test_as_judged_nothing_is_said_of_it():
    assert not [one for one in assumptions(course(SCORES), planned(course(SCORES))) if "Judged" in one]


def test_counting_words():
    numbered = [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 112)]
    assert " ".join(numbered) == "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 101st 112th"


def test_the_page_says_until_when_its_sentences_hold():
    daily = forecast(course(SCORES, next={"every": 1}), small)
    assert daily.judged == 32.0 == daily.as_dict()["judged_on_day"]
    assert forecast_page.sessions(daily).startswith("Sessions until pain stays under 2 while they go on, in all: ")
    assert forecast_page.responding(daily).startswith(
        "Chance that pain one gap after the 14th session, on day 32, is not at least 30 % below the first score: "
    )
    unneedled = replace(daily, needled="none")
    assert forecast_page.sessions(unneedled).startswith("Visits until pain stays")
    assert "after the 14th visit, on" in forecast_page.responding(unneedled)


def test_sessions_needed_are_counted_until_it_stays_low():
    coming = planned(course(SCORES))
    one = small(coming.plan).library
    felt = np.full((len(coming.plan.looks), 4), 5.0, np.float32)
    felt[:, 1] = 0.0
    felt[3:, 2] = 1.9
    felt[5:, 3], felt[8, 3] = 0.0, 2.0
    library = type(one)(one.days, felt, one.range[..., :4], one.scale[:4], one.noise)
    assert needed(library, coming, np.arange(4)).tolist() == [15, 1, 3, 9]


def test_unchanged_children_weigh_alike_and_changed_ones_still_fit(monkeypatch):
    """Simulated again with the same luck and no change, a parent's child fits as its parent did."""
    given = course(SCORES)
    coming = planned(given)
    ready = small(coming.plan)
    scores, ranges = answers(given, coming)
    weighed = weigh(ready.library, scores, ranges)
    told = {**numbers(), "carriers again": 300.0, "jitter": 0.0}
    monkeypatch.setattr(of_library, "numbers", lambda: told)
    _, same = again(people(), coming.plan, ready.library, weighed, scores, ranges, ready.seed)
    assert same.effective == pytest.approx(300.0, rel=1e-3)
    told["jitter"] = 0.03
    _, changed = again(people(), coming.plan, ready.library, weighed, scores, ranges, ready.seed)
    assert 30.0 < changed.effective < 299.0
    assert changed.weights.sum() == pytest.approx(1.0, abs=1e-5)


def test_a_library_is_made_of_its_seed_alone():
    plan = planned(course(SCORES)).plan
    one, other = (kept(plan, lambda: waiting(300, (7,))) for _ in range(2))
    assert np.array_equal(one.felt, other.felt)
    assert np.array_equal(one.scale, other.scale)
    assert not np.array_equal(one.felt, kept(plan, lambda: waiting(300, (8,))).felt[:, : one.members])


def told(arguments):
    return command.run(parser().parse_args(["forecast", *arguments]), {"forecasts": small})


def test_command_prints_draws_and_gives_json(tmp_path, capsys):
    figure = tmp_path / "band.svg"
    assert told([str(EXAMPLES / "quick-relief.yaml"), "-o", str(figure)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    for words in (
        "not evidence that the theory is true",
        "Outer elbow pain",
        "6 4 3 1",
        "not a promise",
        "simulated",
        "up to one in five simulated people like this lies outside a band, even one of 0 to 0",
    ):
        assert words in printed
    assert figure.read_bytes().startswith(b"<?xml")
    assert told([str(EXAMPLES / "does-not-hold.yaml"), "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert json.loads(out)["sessions_had"] == 6


def test_nothing_to_forecast_is_an_answer_and_no_figure(tmp_path, capsys):
    figure = tmp_path / "band.png"
    assert told([str(EXAMPLES / "two-sessions.yaml"), "-o", str(figure)]) == 0
    said = capsys.readouterr()
    assert "waits until the pain at 3 sessions is known" in said.out
    assert "not drawn" in said.err
    assert not figure.exists()
    assert told([str(EXAMPLES / "unlike-anyone.yaml")]) == 0
    assert "unlike any simulated person" in capsys.readouterr().out


def test_bad_input_is_refused_with_status_2(tmp_path, capsys):
    bad = tmp_path / "bad.yaml"
    bad.write_text("sessions: [{day: 0, pain: 5}, {day: 0, pain: 6}, {day: 7, pain: 11}]\n", "utf-8")
    assert told([str(bad)]) == 2
    said = capsys.readouterr().err
    assert "two scores on one day" in said and "'11' is not a number from 0 to 10" in said
    assert told([str(bad), "--json"]) == 2
    assert len(json.loads(capsys.readouterr().out)["errors"]) == 2
    assert told([str(tmp_path / "missing.yaml")]) == 2
    assert "could not be read" in capsys.readouterr().err
    assert told([str(EXAMPLES / "quick-relief.yaml"), "-o", "band.txt"]) == 2
    assert "ends in none of" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("place", "reason"),
    [("/proc/none/x.svg", ""), ("file/x.svg", "Not a directory"), ("folder.svg", "a folder has this name")],
)
def test_a_place_that_cannot_be_written_is_refused_before_people_are_simulated(tmp_path, capsys, place, reason):
    (tmp_path / "file").touch()
    (tmp_path / "folder.svg").mkdir()
    output = str(tmp_path / place)
    chosen = parser().parse_args(["forecast", str(EXAMPLES / "quick-relief.yaml"), "-o", output])
    assert command.run(chosen, {}) == 2, "no door was opened"
    said = capsys.readouterr().err
    assert f"--output: '{output}' cannot be written ({reason}" in said and "Choose another place with -o." in said


def test_a_long_complaint_fits_the_figure():
    given = course(SCORES, complaint="pain " * 100)
    drawn = forecast_curve.band(given, forecast(given, small))
    title = drawn.legends[0].get_title().get_text()
    assert len(title) <= 70 and title.endswith("…")


def test_the_store_keeps_libraries_of_the_last_plans_only(tmp_path, monkeypatch):
    calls = []

    def counted(plan, people):
        calls.append(plan)
        return kept(plan, lambda: waiting(100, (1,)))

    monkeypatch.setattr("myotome.care.course.forecast.kept", counted)
    store = Store({"MYOTOME_CACHE": str(tmp_path)})
    plans = [planned(course(SCORES, every=every)).plan for every in range(3, 13)]
    for plan in plans:
        store.forecasts(plan)
    again_ = store.forecasts(plans[-1])
    assert len(calls) == 10, "the last was found again"
    assert again_.plan == plans[-1]
    assert len(list(tmp_path.glob("forecast.*.pickle"))) == 8


def test_the_page_is_made_from_the_numbers_and_says_what_they_are():
    """Run `python -m benchmarks.forecast`, or with --page where only its words changed."""
    measured = json.loads((ROOT / "docs" / "forecast.json").read_text("utf-8"))
    text = page(measured)
    assert (ROOT / "docs" / "forecast.md").read_text("utf-8") == text
    assert "not evidence that the theory is true" in text
    assert measured["people in each world"] >= 3000
    low = {k: {**row, "better than the best simple": 0.1} for k, row in measured["worlds"]["own"].items()}
    assert "| 10.0% | **missed** |" in page({**measured, "worlds": {**measured["worlds"], "own": low}})
