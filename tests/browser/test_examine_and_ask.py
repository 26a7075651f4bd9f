"""Signs on a phone, several trophic changes at one place, and one number of red flags not asked everywhere."""

import random

from playwright.sync_api import expect

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import ANSWERS, Case, Complaint, Person
from myotome.care.screening.items import items
from myotome.care.screening.referral import refer
from myotome.web.bedside.catalogue import catalogue
from tests.browser.looking import narrow
from tests.browser.tablet import PHONE, Finger, received, step
from tests.browser.test_fold import blank
from tests.web.records import examine

__all__ = ["blank"]
ASKED = """async ([items, cases]) => {
  const { flagsOpen } = await import("/screen/asked.js");
  return cases.map(([who, given]) => flagsOpen(items, who, given));
}"""


def cases(count):
    """People known in part, complaints told or not, answers of every kind."""
    rng, areas = random.Random(7), list(anatomy().areas)
    for _ in range(count):
        person = Person(
            rng.choice((None, 0, 17, 24, 46, 50, 52, 71, 46.5)), rng.choice((None, "female", "male", "other"))
        )
        given = {code: rng.choice(ANSWERS) for code in rng.sample(list(items()), rng.choice((0, 20, len(items()))))}
        yield Case(person, complaint=Complaint(area=rng.choice((None, *areas))), screening=tuple(given.items()))


def test_page_and_clinic_agree_on_the_red_flags_that_nobody_asked(blank):
    made = list(cases(150))
    region = {name: area.region for name, area in anatomy().areas.items()}
    told = [
        [{"age": one.person.age, "sex": one.person.sex, "region": region.get(one.complaint.area)}, one.answers]
        for one in made
    ]
    assert blank.evaluate(ASKED, [catalogue()["items"], told]) == [list(refer(one).not_asked) for one in made]


def test_screen_explain_and_clinic_count_alike_on_top_of_a_case_file(on_tablet, room):
    """The place and half of the answers are not of this page: they were handed in before it was opened."""
    visit = room.visit(room.person())
    assert examine(room.pia, visit).status_code < 400
    page = on_tablet(visit, "screen")
    with page.expect_response("**/think") as heard:
        page.locator("[data-item=infection][data-value=no]").tap()  # of it the clinic takes more than one answer
    theirs = len(heard.value.json()["referral"]["not_asked"])
    expect(page.locator(".what-lacks")).to_contain_text(f"{theirs} red flags are not asked.")
    step(page, "explain")
    expect(page.locator(".step.explain :is(.unasked, .refer) button")).to_have_text(
        f"{theirs} red flags not asked: ask"
    )
    assert 0 < theirs < len(list(refer(Case()).not_asked)) / 2


def test_on_a_phone_the_signs_are_at_hand_at_once_and_the_picture_opens_beneath(on_tablet, room):
    visit = room.visit(room.person())
    room.complaint(visit, "right", "shoulder")
    page = on_tablet(visit, "examine", size=PHONE)
    finger, foot = Finger(page), page.locator("footer.acts").bounding_box()["y"]
    bottoms = page.locator(".brush").evaluate_all("all => all.map(one => one.getBoundingClientRect().bottom)")
    assert len(bottoms) == 15 and max(bottoms) < foot
    assert page.locator(".structures button").first.bounding_box()["y"] < foot
    finger.tap("[data-brush=tender]")
    expect(page.locator(".plate-holder")).to_be_hidden()
    finger.tap(".fold")
    expect(page.locator(".plate-holder")).to_be_visible()
    narrow(page)
    step(page, "plan")
    expect(page.locator(".left")).to_have_count(1)
    assert page.locator(".work > .left .plate-holder").is_visible(), "the chart is back where other steps show it"


def test_two_trophic_changes_at_one_place_are_painted_shown_and_tested_again(on_tablet, room):
    visit = room.visit(room.person())
    room.complaint(visit, "right", "neck")
    page = on_tablet(visit, "examine")
    page.locator("[data-brush=trophic]").tap()
    place = page.locator(".structures button[data-at=C6][data-side=right]")
    for change in ("coolness", "sweating"):
        page.locator(f".changes [data-mode={change}]").tap()
        place.tap()
        expect(place).to_contain_text(change)
    expect(place).to_have_accessible_name("C6, right: coolness, sweating")
    received(page)
    held = room.bodies(visit, "finding.recorded")
    assert [(one["at"], one["result"], one.get("replaces") or []) for one in held] == [
        ("C6", "coolness", []),
        ("C6", "sweating", []),
    ]
    step(page, "close")
    again = page.locator(".retest-row", has_text="Trophic: C6")
    expect(again).to_contain_text("coolness, sweating")
    again.locator("[data-value=coolness]").tap()
    expect(again.locator("[data-value=coolness]")).to_have_attribute("aria-pressed", "true")

    step(page, "examine")
    page.locator("[data-brush=trophic]").tap()
    page.locator(".changes [data-mode=absent]").tap()
    place.tap()
    expect(place).to_have_accessible_name("C6, right: no")
    received(page)
    ids = [one["id"] for one in room.entries(visit, "finding.recorded")]
    assert set(room.bodies(visit, "finding.recorded")[-1]["replaces"]) == set(ids[:2])
