"""The newcomer's tour of the demonstration leads through one whole visit: each stop is lit, done and ticked off."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from myotome.clinic.demonstration.practice import demonstrate
from myotome.clinic.states import VisitState
from myotome.premises import opened, premises
from tests.browser.bedside import now
from tests.reading import reasoner
from tests.web.listening import place

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PASSWORD = "lantern under seven stones"  # noqa: S105  # of a demonstration made here


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    """A demonstration with one person, who was treated three times: (clinic, her visit of today, its address)."""
    from myotome.web.clinic.app import clinic_app

    places = premises({"HOME": str(tmp_path_factory.mktemp("demonstration"))}, demonstration=True)
    with place() as here, opened(places, reasoner, now, beginning=True) as clinic:
        demonstrate(clinic, EXAMPLES, PASSWORD, ("Abelard",))
        (visit,) = (name for name, one in visits(clinic).items() if not one.signature)
        with here.serving(clinic_app(clinic, origin=here.address)) as address:
            yield clinic, visit, address


def visits(clinic):
    with clinic.practice.within() as shelf:
        return {name: VisitState.model_validate(one) for name, one in shelf.reading.states("visit")}


@pytest.fixture
def page(browser, demonstration):
    """pia's tablet on the visit, her record opened."""
    clinic, visit, address = demonstration
    token = clinic.access.sign_in("pia", PASSWORD, "here")
    clinic.people.open(clinic.access.actor(token), visits(clinic)[visit].person, ("name", "birth date"))
    context = browser.new_context(viewport={"width": 1180, "height": 820}, has_touch=True)
    context.add_cookies([{"name": f"myotome-{clinic.practice.ledger.clinic}", "value": token, "url": address}])
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{address}/bedside/{visit}")
    yield page
    context.close()
    assert not faults, faults


class Newcomer:
    """Does what the tour says, one stop after another."""

    def __init__(self, page):
        self.page, self.tour = page, page.locator(".tour")

    def stop(self, number, words):
        """The tour is at this stop, and what it says is lit."""
        expect(self.tour.locator("b")).to_have_text(f"{number} of 12")
        expect(self.tour.get_by_role("status")).to_contain_text(words)
        self.tour.get_by_role("button", name="Show me").tap()
        lit = self.page.locator(".tour-here")
        expect(lit).to_have_count(1)
        return lit

    def tap(self, selector):
        self.page.locator(selector).first.tap()


def test_a_newcomer_is_led_through_one_visit(page, demonstration):
    clinic, visit, _ = demonstration
    new = Newcomer(page)
    new.stop(1, "Nothing has changed since last time").tap()
    new.stop(2, "one tap says no to all of them").tap()
    new.stop(3, "Consent is asked anew").tap()
    new.stop(4, "asked one by one").tap()
    new.stop(5, "Choose a sign, Tender").tap()
    for tile in range(3):
        page.locator(".structures .paint[data-side=left]").nth(tile).tap()
    new.stop(6, "Agree or disagree").tap()
    new.stop(7, "Take last time's points").tap()
    new.stop(8, "Take this plan").tap()
    for _ in range(2):
        new.stop(9, "The next point is lit").tap()
        new.tap(".cell")
    new.stop(10, "OUT takes out").tap()
    new.stop(11, "Tray count").tap()
    new.tap('.tray-tiles [data-value="2"]')
    new.stop(12, "sign with the password")
    page.locator("#sign-password").fill(PASSWORD)
    new.tap("[data-act=sign]")
    expect(new.tour.locator("b")).to_have_text("Done")
    assert visits(clinic)[visit].signature
