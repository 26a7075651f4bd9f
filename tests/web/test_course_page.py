"""The course of a person as a page: from what was charted over four visits, told in words, a drawing and tables."""

import datetime
import re

import pytest

from tests.web.course_visits import FIRST, charted, entry, neck_course, scores, send
from tests.web.records import desks, examined, register, visit_of
from tests.web.rooms import said

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("course")) as made:
        yield made


@pytest.fixture(scope="module")
def pia(rooms):
    return rooms.client("pia")


@pytest.fixture(scope="module")
def followed(pia):
    person = register(pia)
    return person, neck_course(pia, person)


def course(client, person, **asked):
    answer = client.get(f"/people/{person}/course", params=asked)
    assert answer.status_code == 200, answer.text[:2000]
    return answer


def test_four_visits_without_change_say_stop_with_the_numbers(rooms, pia, followed):
    before = rooms.events
    words = said(course(pia, followed[0]))
    assert "Stop and think again: three sessions without measurable change." in words
    assert (
        "Average pain, over three sessions, 5 January 2026 to 26 January 2026: no measurable change, from 7 to 6"
        in words
    )
    assert "January 2026: no measurable change, from 3.5 to 4.5 (2 points matter)." in words
    assert "Examine again from the start, red flags first" in words
    assert "Evidence: number of sessions: assumed; what matters in pain: read (abstract);" in words
    assert rooms.events == before + 1  # looking is in the trail


def test_every_row_is_there_as_a_table(pia, followed):
    page = course(pia, followed[0]).text
    captions = re.findall(r"<caption>([^<]+)</caption>", page)
    assert captions[:7] == [
        "Pain", "Function", "As the person sees it", "Range of movement before the needles", "Signs by level",
        "Needles", "Also done, and harm",
    ]  # fmt: skip
    words = said(course(pia, followed[0]))
    assert "5 January 2026 5 2 paraspinal, 2 symptomatic, 1 homeostatic 3 of 4 recorded 2 of 4 recorded" in words
    assert "12 January 2026 Exercises bruise, mild" in words
    assert "19 January 2026 none found 1 found" in words
    assert "neck rotation, right 57" in words


def test_a_retest_names_the_points_that_lay_between(pia, followed):
    words = said(course(pia, followed[0]))
    assert "Needled between: C5 paraspinal, right (twitch 1); C6 paraspinal, right (twitch 2); upper" in words
    assert "tenderness, beside C5, right present absent gone and held absent on 19 January 2026" in words


def test_the_page_holds_no_inline_style_and_draws_for_both_sizes(pia, followed):
    page = course(pia, followed[0]).text
    assert len(re.findall(r"<svg ", page)) == 2
    assert not re.search(r"\sstyle=|<style|<script>", page)
    assert page.count('aria-hidden="true"') >= 2


def test_what_was_not_asked_is_not_drawn_as_a_score(pia):
    person = register(pia, given="Gap", family="Missing", birth_date="1971-01-01")
    neck_course(pia, person, pains=(7, None, 6, None), functions=(3, 4, 4, 4))
    words = said(course(pia, person))
    assert "12 January 2026 not asked not asked not asked" in words
    assert "Pain cannot be judged: it was not asked on 26 January 2026." in words


def test_two_complaints_are_two_courses_and_words_of_people_stay_words(pia):
    person = register(pia, given="Two", family="Sides", birth_date="1972-01-01")
    for area, name in (("neck", "<b>turn</b>"), ("knee", "stairs")):
        visit = visit_of(pia, person, day=FIRST.isoformat())
        send(pia, charted(visit, FIRST, scores=[("function", {name: 4})], area=area))
    both = [course(pia, person, complaint=number).text for number in (1, 2)]
    assert sorted(re.search(r"<h1>([^<]+)</h1>", page).group(1) for page in both) == [
        "Course: Knee, right",
        "Course: Neck, right",
    ]
    assert any("&lt;b&gt;turn&lt;/b&gt; 4" in page for page in both)
    assert not any("<b>turn" in page for page in both)


def test_an_older_visit_with_a_case_file_only_is_told_as_such(pia):
    person = register(pia, given="Old", family="File", birth_date="1973-01-01")
    examined(pia, person)
    words = said(course(pia, person))
    assert "Too early to say: one session so far; it is judged at the visit after three sessions." in words
    assert "At one visit it was not recorded what was needled" in words
    assert "not recorded not recorded not recorded not recorded" in words


def test_a_harm_told_after_the_signature_and_a_score_taken_back(pia):
    person = register(pia, given="Back", family="Taken", birth_date="1974-01-01")
    visit = visit_of(pia, person, day=FIRST.isoformat())
    made = charted(visit, FIRST, scores=scores(7, 3, 4))
    slip = next(one["id"] for one in made if one["body"].get("score") == "pain-average")
    send(pia, [*made, entry(visit, "entry.taken-back", entry=slip)])
    assert f"{FIRST.day} January 2026 not asked 6 not asked" in said(course(pia, person))


def test_a_forecast_is_made_only_where_it_is_asked_for_and_says_why_not(rooms, pia, followed):
    page = course(pia, followed[0])
    assert "Make a forecast" in page.text
    assert "A forecast" not in said(page).split("Make a forecast")[1].split("The scores")[0]
    asked = said(course(pia, followed[0], forecast=1))
    assert "Forecasts are not made in this clinic's program." in asked
    assert "A theory made to run, not evidence that the theory is true or that IMS works." in asked


def test_who_may_not_read_the_record_sees_no_course(rooms, followed):
    assert rooms.client("rex").get(f"/people/{followed[0]}/course").status_code == 403
    assert rooms.client("lea").get(f"/people/{followed[0]}/course").status_code in (303, 403)  # not opened
    assert rooms.client("").get(f"/people/{followed[0]}/course").status_code in (303, 401)


def test_person_and_visit_lead_to_the_course_and_nobody_without_a_visit_has_one(pia, followed):
    person, visits = followed
    link = f'href="/people/{person}/course"'
    assert link in pia.get(f"/people/{person}").text
    assert link in pia.get(f"/visits/{visits[0]}").text
    empty = register(pia, given="No", family="Visit", birth_date="1975-01-01")
    assert "There is no visit yet: nothing to follow." in said(course(pia, empty))


def test_a_long_course_is_drawn_in_part_and_told_whole(pia):
    person = register(pia, given="Long", family="Course", birth_date="1976-01-01")
    for number in range(9):
        day = FIRST + datetime.timedelta(days=3 * number)
        visit = visit_of(pia, person, day=day.isoformat())
        send(pia, charted(visit, day, scores=[("pain-now", {"score": 8 - number // 2})]))
    page = course(pia, person)
    assert "The 2 earliest visits are in the tables only." in said(page)
    assert page.text.count('<th scope="row">5 January 2026</th>') >= 6
