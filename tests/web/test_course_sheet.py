"""The course of a person on paper: the sentence, every caution, the drawing and the same in tables."""

import datetime
import re

import pytest

from myotome.care.course.changes import BETTER, function_change
from myotome.care.course.followed import followed
from myotome.care.course.stopping import cautions
from myotome.care.course.visited import Harm, Taken, Visited
from myotome.paper.course import course_part
from myotome.paper.document import Document
from myotome.paper.pdf import pdf
from myotome.web.clinic.told.course_axis import MOST, SHEET
from myotome.web.clinic.told.course_sheet import on_paper
from tests.paper_checks import figures, kinds, pages, pdf_faults
from tests.paper_checks import text_of as letters_of
from tests.web.course_visits import FIRST, neck_course
from tests.web.records import desks, register

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("course-sheet")) as made:
        made.pia = made.client("pia")
        made.person = register(made.pia)
        neck_course(made.pia, made.person)
        yield made


def squeezed(words):
    return re.sub(r"\s+|-", "", words)


def test_the_sheet_says_what_the_page_says(rooms):
    before = rooms.events
    answer = rooms.pia.get(f"/people/{rooms.person}/course.pdf")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/pdf"
    assert f'filename="course-{rooms.person}-' in answer.headers["content-disposition"]
    assert rooms.events == before + 1, "looking is in the trail, as it is for the page"
    text = letters_of(answer.content)
    for words in (
        "Stop and think again: three sessions without measurable change.",
        *(one.words for one in cautions()),
        "minimal important change",
        "Examine again from the start, red flags first",
        "Average pain, over three sessions, 5 January 2026 to 26 January 2026",
        "gone and held; absent on 19 January 2026",
        "2 paraspinal, 2 symptomatic, 1 homeostatic",
        "bruise, mild",
    ):
        assert squeezed(words) in squeezed(text), words
    assert pdf_faults(answer.content) == []
    assert {"Figure", "Table", "H1", "H2"} <= set(kinds(answer.content))
    drawn = [page for page in pages(answer.content) if figures(page)]
    assert len(drawn) == 2, "the sign of the advice, and one page that holds every row of the drawing"


def test_who_may_not_see_the_page_gets_no_sheet(rooms):
    for who, answers in (("rex", (403,)), ("lea", (303, 403)), ("", (303, 401))):
        assert rooms.client(who).get(f"/people/{rooms.person}/course.pdf").status_code in answers, who
    empty = register(rooms.pia, given="No", family="Visit", birth_date="1975-01-01")
    answer = rooms.pia.get(f"/people/{empty}/course.pdf")
    assert answer.status_code == 404
    assert f"/people/{rooms.person}/course.pdf?complaint=1" in rooms.pia.get(f"/people/{rooms.person}/course").text


@pytest.mark.parametrize("size", ["a4", "letter"])
def test_a_long_course_is_whole_with_every_visit_in_its_tables(size):
    harms = [Harm(f"harm & <{n}>", "mild", "during", "") for n in range(12)]
    visits = [
        Visited(f"v{week}", FIRST + datetime.timedelta(weeks=week), "neck", "right",
                scores=(Taken("pain-average", 7.0),), needles=None, harms=tuple(harms[: week % 13]))
        for week in range(MOST[SHEET] + 14)
    ]  # fmt: skip
    course = followed(visits)
    drawn = on_paper(course)
    assert drawn.undrawn == 14 and len(drawn.rows) > 1, "it needs more than a page of drawings"
    part = course_part((("Name", "Anna Müller"),), "The Mill", course, drawn)
    data = pdf(Document("Course", (part,)), size)
    assert pdf_faults(data) == []
    text = squeezed(letters_of(data))
    assert all(squeezed(f"{visit.day:%-d %B %Y}") in text for visit in visits)
    assert "Stopandthinkagain" in text and squeezed("The 14 earliest visits are in the tables only.") in text


@pytest.mark.parametrize(("activities", "matters"), [(("reach a shelf",), 3.0), (("reach a shelf", "sleep"), 2.0)])
def test_an_easing_of_just_what_matters_lies_on_the_edge_that_is_drawn(activities, matters):
    def rated(total):
        return (Taken("function", total, tuple((name, total) for name in activities)),)

    first, last = (
        Visited(
            f"v{n}", FIRST + datetime.timedelta(weeks=n), "arm", "left", scores=rated(3.0 + n * matters), needles=()
        )
        for n in range(2)
    )
    svg = on_paper(followed([first, last])).rows[0].svg
    (edge,) = re.findall(r'<line class="edge" x1="[\d.]+" y1="([\d.]+)"', svg)
    assert function_change(first, last).kind == BETTER
    assert edge == re.findall(r'<circle class="score" cx="[\d.]+" cy="([\d.]+)"', svg)[-1]


def test_the_drawing_has_the_colours_of_the_page_and_none_is_left_open():
    visits = [Visited("v", FIRST, "neck", "right", scores=(Taken("pain-average", 7.0),), needles=())]
    svg = on_paper(followed(visits)).rows[0].svg
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"') and "var(" not in svg and ".course svg" not in svg
    assert ".matters {" in svg and "#0b5cad" in svg, "light colours: paper is white"
