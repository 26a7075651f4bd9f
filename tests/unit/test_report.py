"""Whole reports of example plans, page by page: every point with its side, nothing promised, nothing lost."""

from __future__ import annotations

import datetime
import math
import re
from functools import cache

import pytest

from myotome.atlas.library import plate
from myotome.care.aftercare.advice import advice
from myotome.care.aftercare.needled import aftercare
from myotome.care.evidence.words import forbidden_in
from myotome.care.examination.case_file import parse
from myotome.care.explanation.explain import explain_case
from myotome.care.plan.candidates import Candidate
from myotome.care.plan.plan import BLOCKED, NOTHING, READY, REFUSED, PlannedPoint
from myotome.care.plan.planner import planner
from myotome.care.points.needle import needle_for
from myotome.care.points.tables import points
from myotome.care.safety.ruling import PLEURA
from myotome.care.screening.items import code_of
from myotome.paper.document import NOT_REVIEWED, Figures, Notice, Symbol, Table, every
from myotome.paper.figure import figures
from myotome.paper.html import html
from myotome.paper.pdf import SIZES, pdf
from myotome.paper.report import report
from myotome.paper.wire import data_of, plain
from tests.house.tree import ROOT
from tests.paper_checks import missing, pages, pdf_faults, text_of
from tests.reading import reasoner

DAY = datetime.date(2026, 11, 23)
NEEDLED = (
    "plan-neck-one-lung", "plan-calf-homeostatic", "plan-interscapular-lean-reason", "plan-headache-needle-fear",
    "plan-thumb-c8-root", "plan-low-back-later-visit", "plan-trochanteric-misspelt-medicines",
)  # fmt: skip
NOT_NEEDLED = {
    "plan-c6-root-infection-not-asked": REFUSED,
    "plan-s1-root-medicines-not-asked": REFUSED,
    "plan-cauda-equina-emergency": BLOCKED,
    "plan-low-back-consent-refused": BLOCKED,
    "plan-neck-nothing-to-needle": NOTHING,
}
LAID_OUT = (*NEEDLED[:5], "plan-cauda-equina-emergency", "plan-s1-root-medicines-not-asked")
MIRRORED = ("plan-neck-one-lung", "plan-calf-homeostatic", "plan-headache-needle-fear", "plan-thumb-c8-root")
TURN = {"left": "right", "right": "left"}
MARK = re.compile(
    r'<g class="mark [\w -]+" transform="translate\((\S+) (\S+)\)scale\((\S+)\)"><title>([^<]*)</title>'
    r".*?<text[^>]*>(\d+)</text></g>"
)
MOVED = 5  # radii that a mark may be drawn from its place where others stand there

needled = pytest.mark.parametrize("name", NEEDLED)
not_needled = pytest.mark.parametrize("name", NOT_NEEDLED)


def text_file(name):
    return (ROOT / "examples" / f"{name}.yaml").read_text("utf-8")


def mirrored(text):
    """The file with left and right exchanged wherever they stand."""
    return re.sub(r"\b(left|right)\b", lambda side: TURN[side[0]], text)


def made_of(text):
    """The plan and the document of a case file."""
    case = parse(text.encode(), code_of)
    explained = explain_case(case, lambda _: reasoner(), with_next=False, with_intervals=False)
    plan = planner(case, explained, DAY).plan()
    return plan, report(case, explained, plan, DAY)


@cache
def made(name):
    return made_of(text_file(name))


@cache
def pdf_of(name, size="a4"):
    return pdf(made(name)[1], size)


def part(document, reader):
    (found,) = (one for one in document.parts if one.reader == reader)
    return found


def words_in(told):
    """Every string of a part but its drawings."""
    if isinstance(told, str):
        return [told]
    if isinstance(told, dict):
        return [words for key, one in told.items() if key != "svg" for words in words_in(one)]
    return [words for one in told for words in words_in(one)] if isinstance(told, list) else []


def told_to(document, reader):
    """All words of a reader's part, pieces of a sentence joined."""
    (found,) = (one for one in data_of(document)["parts"] if one["reader"] == reader)
    return " ".join(" ".join(words_in(found)).split())


def pictures(document, reader):
    blocks = every(part(document, reader).blocks)
    return [picture for block in blocks if isinstance(block, Figures) for picture in block.pictures]


def marks(document, reader):
    """Every mark of a reader's figures by its label: number, place in radii from the left and top, side drawn on."""
    found = {}
    for picture in pictures(document, reader):
        chosen = plate(re.search(r'data-plate="([^"]*)"', picture.svg)[1])
        shown = re.search(r'data-side="([^"]*)"', picture.svg)[1]
        x, y, wide, high = map(float, re.search(r'viewBox="([^"]*)"', picture.svg)[1].split())
        for across, down, radius, label, number in MARK.findall(picture.svg):
            at, r = (float(across), float(down)), float(radius)
            assert x + r <= at[0] <= x + wide - r, f"{label} is cut off"
            assert y + r <= at[1] <= y + high - r, f"{label} is cut off"
            lateral = -at[0] if chosen.facing == "front" else at[0]
            side = shown if not chosen.mirrored else "right" if lateral > 0 else "left"
            assert label not in found, f"{label} is drawn twice"
            found[label] = (int(number), at, r, side, chosen.id)
    return found


@needled
def test_every_planned_point_stands_on_the_practitioners_page(name):
    """Harm: a point without its side, its number or its row is needled somewhere else."""
    plan, document = made(name)
    assert plan.status == READY and plan.points
    tables = [b for b in every(part(document, "practitioner").blocks) if isinstance(b, Table)]
    rows = {plain(row[1]): row[0] for table in tables for row in table.rows if isinstance(row[0], Symbol)}
    wanted = {f"{p.candidate.point.name}, {p.candidate.side.upper()}": p for p in plan.points}
    assert set(rows) == set(wanted)
    assert {row: sign.text for row, sign in rows.items()} == {row: str(p.number) for row, p in wanted.items()}
    printed = text_of(pdf_of(name))
    for row, planned in wanted.items():
        squashed = re.sub(r"[\s-]", "", row)
        assert printed.count(squashed) >= 2, "in the table and in the details"
        assert re.sub(r"[\s-]", "", planned.needle.text) in printed


@needled
@pytest.mark.parametrize("reader", ["practitioner", "patient"])
def test_every_planned_point_is_marked_on_its_own_side(name, reader):
    """Harm: a mark that is moved aside over the midline shows the wrong side."""
    plan, document = made(name)
    drawn = marks(document, reader)
    assert {label: row[0] for label, row in drawn.items()} == {p.candidate.id: p.number for p in plan.points}
    for planned in plan.points:
        if planned.candidate.side != "both":
            assert drawn[planned.candidate.id][3] == planned.candidate.side, planned.candidate.id
    listed = list(drawn.values())
    for k, (_, at, radius, _, sheet) in enumerate(listed):
        for other in listed[k + 1 :]:
            assert sheet != other[4] or math.dist(at, other[1]) > 1.6 * radius, "one number hides another"


@needled
def test_left_and_right_are_lettered_on_every_figure(name):
    """Harm: a figure from behind is read as one from the front."""
    for picture in pictures(made(name)[1], "patient"):
        chosen = plate(re.search(r'data-plate="([^"]*)"', picture.svg)[1])
        letters = dict(re.findall(r'<text x="(\S+?)" [^>]*>([RL])</text>', picture.svg))
        if not chosen.mirrored:
            assert picture.caption.endswith((", left", ", right"))
            continue
        at = {letter: float(x) for x, letter in letters.items()}
        assert (at["R"] < at["L"]) == (chosen.facing == "front")


def test_a_lung_beneath_brings_its_late_signs():
    """Harm: somebody goes to bed with a collapsing lung, for nobody said that it may begin hours later."""
    of_lung = [one for one in advice() if one.kind == "emergency" and "at risk: pleura" in one.when]
    assert of_lung
    tried = 0
    for name in NEEDLED:
        plan, document = made(name)
        told = told_to(document, "patient")
        for one in aftercare(plan):
            assert one.patient in told, (name, one.name)
        if any(PLEURA in p.candidate.point.structures for p in plan.points):
            tried += 1
            assert all(one.patient in told for one in of_lung)
            assert "two days later, or more" in told
    assert tried >= 2


@not_needled
def test_what_stands_before_a_plan_is_on_both_pages(name):
    """Harm: a refused or blocked person is sent away without the question or the referral."""
    plan, document = made(name)
    assert plan.status == NOT_NEEDLED[name] and not plan.points
    assert not pictures(document, "practitioner") and not pictures(document, "patient")
    mine, theirs = told_to(document, "practitioner"), told_to(document, "patient")
    assert "No needle is used today." in theirs or plan.status != BLOCKED
    for question in plan.gate.questions:
        assert question.words in mine
        assert question.words in theirs or plan.status != REFUSED
    for reason in plan.gate.blocking:
        assert all(words in mine for words in (reason.flag, reason.words, reason.urgency))
        assert "doctor" in theirs or "ambulance" in theirs
    for rule in plan.person_rules:
        if rule.action == "block":
            assert rule.practitioner in mine and (plan.gate.blocking or rule.patient in theirs)
    if plan.status == BLOCKED:
        assert plan.gate.blocking or plan.person_rules
        for reader in ("practitioner", "patient"):
            notices = [b for b in every(part(document, reader).blocks) if isinstance(b, Notice)]
            assert notices[0].kind == "stop"


@pytest.mark.parametrize("name", [*NEEDLED, *NOT_NEEDLED])
def test_nothing_is_promised_to_patients(name):
    plan, document = made(name)
    assert forbidden_in(told_to(document, "patient")) == ()
    assert not forbidden_in(" ".join(p.shows for p in pictures(document, "patient")))
    told = told_to(document, "patient")
    if plan.points:
        assert "What may go wrong" in told and "invasive" in told and "Get help at once" in told


@pytest.mark.parametrize("name", [*NEEDLED, *NOT_NEEDLED])
def test_the_banner_stands_on_every_page(name):
    texts = [page.get_textpage().get_text_range() for page in pages(pdf_of(name))]
    assert len(texts) >= 2
    assert all(text.count(NOT_REVIEWED) == 1 for text in texts)
    assert NOT_REVIEWED in html(made(name)[1])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", LAID_OUT)
def test_every_page_is_whole(name, size):
    """Nothing cropped, nothing on anything else, every word there, on both papers."""
    laid = pdf_of(name, size)
    assert pdf_faults(laid) == []
    assert missing(made(name)[1], text_of(laid)) == []


@pytest.mark.parametrize("name", ["plan-neck-one-lung", "plan-cauda-equina-emergency"])
def test_the_same_case_gives_the_same_bytes(name):
    again = made_of(text_file(name))[1]
    assert again == made(name)[1]
    assert pdf(again) == pdf_of(name)
    assert html(again) == html(made(name)[1])


@pytest.mark.parametrize("name", MIRRORED)
def test_a_mirrored_case_gives_the_mirrored_pages(name):
    """Harm: the pages say left where the file says right."""
    plan, document = made(name)
    turned_plan, turned = made_of(mirrored(text_file(name)))
    assert {p.candidate.id for p in turned_plan.points} == {mirrored(p.candidate.id) for p in plan.points}
    for reader in ("practitioner", "patient"):
        here, there = marks(document, reader), marks(turned, reader)
        assert set(there) == {mirrored(label) for label in here}
        for label, (_, at, radius, side, sheet) in here.items():
            _, place, _, other, plate_of_it = there[mirrored(label)]
            assert (other, plate_of_it) == (TURN[side], sheet)
            across = 2 * plate(sheet).view[0] + plate(sheet).view[2] if not plate(sheet).mirrored else 0.0
            assert math.dist((across - at[0], at[1]), place) < MOVED * radius, label
    sides = [re.findall(r"\b(LEFT|RIGHT)\b", told_to(one, "practitioner")) for one in (document, turned)]
    assert sides[0].count("LEFT") == sides[1].count("RIGHT") and sides[0].count("RIGHT") == sides[1].count("LEFT")
    assert sides[0]


def on_page(name, side="right"):
    """Where a point is drawn when it is planned alone: its plate, and its place in thousandths of body height."""
    point = points()[name]
    one = Candidate(point, side, 60, 0, "", "", (), (), "")
    (shown,) = figures((PlannedPoint(1, one, point.positions[0], needle_for(name, None)),))
    (picture,) = shown.pictures
    ((across, down, *_),) = MARK.findall(picture.svg)
    chosen = plate(re.search(r'data-plate="([^"]*)"', picture.svg)[1])
    return chosen.id, float(across) / chosen.scale, float(down) / chosen.scale


LEVELS = {  # a level of the back lies between these landmarks of its plate
    "C3": ("INION", "C7"), "C6": ("MAST", "C7"), "T1": ("C7", "T3"), "T5": ("T3", "T7"), "T10": ("T7", "T12"),
    "L2": ("T12", "L4"), "L5": ("L4", "PSIS"), "S1": ("L4", "COX"), "S2": ("CREST", "COX"),
}  # fmt: skip


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_is_drawn_at_its_height(level):
    """Harm: the fifth lumbar level was drawn on the thigh, for two plates count their heights from other landmarks."""
    name, across, down = on_page(f"{level} paraspinal")
    assert name == "back"
    upper, lower = (plate("back").binding.sheet[landmark][1] / plate("back").scale for landmark in LEVELS[level])
    assert upper < down < lower
    assert 2 < across < 25


def test_levels_follow_one_another_down_the_back():
    drawn = [on_page(name)[2] for name, point in points().items() if point.kind == "paraspinal"]
    assert drawn == sorted(drawn) and len(drawn) > 20


@pytest.mark.parametrize("name", ["sternocleidomastoid, sternal head", "H23 supraorbital", "H7 greater occipital"])
def test_points_of_the_head_and_neck_are_drawn_there(name):
    assert on_page(name)[2] < 160
