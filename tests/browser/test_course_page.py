"""The course page in a real browser: nothing for axe to find, one drawing a size, by keyboard to the tables."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.looking import sound
from tests.web.course_visits import neck_course
from tests.web.listening import place
from tests.web.records import desks, register


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A person with four visits, served on this machine: (address, path, the cookie of somebody signed in)."""
    with place() as here, desks(tmp_path_factory.mktemp("course"), base=here.address) as rooms:
        pia = rooms.client("pia")
        person = register(pia)
        neck_course(pia, person, pains=(7, None, 6, 6))
        with here.serving(rooms.app) as address:
            yield address, f"{address}/people/{person}/course", rooms.made.token("pia")


@pytest.mark.parametrize(
    ("width", "scheme", "shown"), [(1024, "light", "for-tablet"), (390, "dark", "for-phone")], ids=["tablet", "phone"]
)
def test_the_course_is_read_at_every_size(browser, course, width, scheme, shown):
    address, path, token = course
    context = browser.new_context(viewport={"width": width, "height": 900}, has_touch=True, color_scheme=scheme)
    context.add_cookies([{"name": "myotome-main", "value": token, "url": address}])
    page, faults = context.new_page(), []
    page.on("console", lambda said: said.type == "error" and faults.append(said.text))
    page.goto(path)
    page.locator(".tables > summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("caption", has_text="Signs by level")).to_be_visible()
    if shown == "for-phone":
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
    sound(page)
    assert [one.get_attribute("class") for one in page.locator(".drawn:visible").all()] == [f"drawn {shown}"]
    drawn = page.locator(f".{shown} svg").bounding_box()
    assert drawn["width"] > 0.8 * min(width, 1024) - 60
    heights = f"[...document.querySelectorAll('.{shown} svg text')].map(one => one.getBoundingClientRect().height)"
    assert min(page.evaluate(heights)) >= 11, "the smallest words of the drawing can be read"
    context.close()
    assert not faults, faults
