"""A practitioner at work in a real browser: from signing in to an amended note."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.looking import go, sound, unfold
from tests.charted import NECK, case_of
from tests.clinics import password_of
from tests.web.listening import place
from tests.web.records import desks, register


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """A clinic served on this machine, with somebody in it: (address, rooms)."""
    with place() as here, desks(tmp_path_factory.mktemp("clinic"), base=here.address) as rooms:
        pia = rooms.client("pia")
        register(pia, opened=False, given="Anna", family="Müller", system=["health card"], value=["A 123"])
        register(pia, opened=False, given="Bert", family="Ström", birth_date="1951-11-23")
        with here.serving(rooms.app) as address:
            yield address, rooms


@pytest.fixture
def page(browser, clinic):
    context = browser.new_context(viewport={"width": 820, "height": 1180}, has_touch=True)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    # A form that is refused is answered with 422, which the console calls an error.
    page.on("console", lambda said: said.type == "error" and "422" not in said.text and faults.append(said.text))
    page.goto(f"{clinic[0]}/sign-in")
    yield page
    context.close()
    assert not faults, faults


def sign_in_and_find(page):
    """By name and password, then by part of a name that stands in no address."""
    page.get_by_label("Sign-in name").fill("pia")
    page.get_by_label("Password").fill(password_of("pia"))
    go(page, page.get_by_role("button", name="Sign in", exact=True))
    page.wait_for_url("**/people")
    sound(page)
    page.get_by_role("searchbox").fill("mull")
    go(page, page.get_by_role("button", name="Find"))
    expect(page.locator(".list li")).to_have_count(1)
    assert "mull" not in page.url
    go(page, page.get_by_role("link", name="Müller, Anna"))


def open_the_record(page):
    """By two identifiers, tapped; one is not enough."""
    page.wait_for_url("**/open")
    sound(page)
    go(page, page.get_by_role("button", name="Open the record"))
    expect(page.get_by_role("alert")).to_contain_text("Confirm two of these")
    page.locator(".ask", has_text="Name").tap()
    page.locator(".ask", has_text="Health card").tap()
    go(page, page.get_by_role("button", name="Open the record"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Anna Müller")
    sound(page)


def chart(page, tmp_path):
    """A hypothesis, a bad file that is refused with its problems, then a good one."""
    go(page, page.get_by_role("link", name="New visit"))
    page.get_by_label("Day").fill("2026-03-01")
    sound(page)
    go(page, page.get_by_role("button", name="Open the visit"))
    page.get_by_label("What do you think it is?").fill("Root C7 on the left")
    sound(page)
    go(page, page.get_by_role("button", name="Record it"))
    go(page, page.get_by_role("link", name="Record the examination"))
    (tmp_path / "bad.yaml").write_text("findings:\n  - {sign: strenght, at: biceps}\n")
    page.get_by_label("Case file").set_input_files(tmp_path / "bad.yaml")
    go(page, page.get_by_role("button", name="Record and explain"))
    expect(page.locator(".problems li").first).to_contain_text("strength")
    sound(page)
    (tmp_path / "case.yaml").write_bytes(case_of(NECK))
    page.get_by_label("Case file").set_input_files(tmp_path / "case.yaml")
    go(page, page.get_by_role("button", name="Record and explain"))


def read(page):
    """Referral first, then the verdict, the points, the figures."""
    refer = page.get_by_role("heading", name="No reason to refer").bounding_box()["y"]
    assert refer < page.get_by_role("heading", name="What the findings say").bounding_box()["y"]
    expect(page.locator(".verdict")).to_have_text("The findings fit a loss of function of C7 on the left.")
    expect(page.locator(".point").first).to_contain_text("C7 paraspinal, LEFT")
    assert page.locator("svg.plate .mark").count() > 20
    assert page.locator(".plates svg").first.bounding_box()["height"] > 150
    fill = "e => getComputedStyle(e).fill"
    assert page.locator(".plates .mark-1").first.evaluate(fill) != "rgb(0, 0, 0)"  # the style of the figures arrived
    unfold(page)
    sound(page)


def sign_and_amend(page):
    """With the password again; the amendment stands beside the note."""
    page.locator("#proof").fill(password_of("pia"))
    go(page, page.get_by_role("button", name="Sign", exact=True))
    expect(page.get_by_role("status").first).to_contain_text("Signed.")
    expect(page.locator(".tag", has_text="signed")).to_have_count(1)

    go(page, page.get_by_role("link", name="Amend"))
    page.get_by_label("What was wrong or missing").fill("The left, as charted")
    page.get_by_label("Why it is amended").fill("The letter said right")
    sound(page)
    go(page, page.get_by_role("button", name="Add the amendment"))
    expect(page.locator(".amendments")).to_contain_text("The left, as charted")


def test_a_practitioner_finds_opens_charts_reads_signs_and_amends(page, tmp_path):
    """The way of every visit, by tapping; each page passes axe."""
    sign_in_and_find(page)
    open_the_record(page)
    chart(page, tmp_path)
    read(page)
    sign_and_amend(page)


@pytest.mark.parametrize("who", ["lea", "ana"])
def test_axe_finds_nothing_on_the_pages_of_lead_and_owner(browser, clinic, who):
    address, rooms = clinic
    paths = {
        "lea": ("/review", "/review/red%20flags", "/review/points/coracobrachialis", "/cosign", "/erasure"),
        "ana": ("/audit", "/audit/verify", "/people/new"),
    }
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    context.add_cookies([{"name": "myotome-main", "value": rooms.made.token(who), "url": address}])
    page = context.new_page()
    for path in paths[who]:
        assert page.goto(address + path).status == 200
        sound(page)
    context.close()
