"""The note that is printed in the room while the clinic cannot be reached: all that this device has, no controls."""

from __future__ import annotations

import pypdfium2
import pytest

from tests.browser.bedside import POINTS
from tests.browser.tablet import BOUNCE, received

FIRST, SECOND = POINTS[:2]
CONTROLS = ("Remove all", "Undo", "Tray", "Another point", "No connection", "Examine")
SHOWN = "[...document.body.children].filter((one) => one.checkVisibility()).map((one) => one.id)"


def words(pdf):
    """The words of a PDF, page after page."""
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


@pytest.fixture
def offline(on_tablet, room):
    """A visit with findings on both sides and two needles in, the second since the network was lost."""
    visit = room.planned(POINTS[:2])
    room.found(visit, {"sign": "tenderness", "at": "infraspinatus", "side": "left", "result": "present"})
    page = on_tablet(visit, "needle")
    page.locator(f'.in[data-point="{FIRST}"]').tap()
    page.wait_for_selector(f'.point-tile[data-point="{FIRST}"][data-state="in"]')
    received(page)
    page.context.set_offline(True)
    page.wait_for_timeout(1000 * BOUNCE)  # the button is the same one
    page.locator(f'.in[data-point="{SECOND}"]').tap()
    page.wait_for_selector(f'.point-tile[data-point="{SECOND}"][data-state="in"]')
    page.get_by_text("No connection: 1 kept here").wait_for()
    return page


def test_a_note_printed_without_the_network_holds_the_visit_and_no_controls(offline):
    for control in CONTROLS:
        assert offline.get_by_text(control).locator("visible=true").count(), control
    text = words(offline.pdf())
    told = (
        *("Anna Müller", "born 1990-04-02", "Not signed.", "Not clinically reviewed"),
        "1 entry is not yet received by the clinic: marked ○.",
        "Opened 2 · in 2 · out 0 · not used 0 · in sharps not counted",
        *("triceps brachii, long head R", "triceps brachii, lateral head R"),
        *("R (right)", "Strength, biceps brachii: ", "Reflex, biceps reflex: reduced", "Pain, shoulder: "),
        *("L (left)", "Tenderness, infraspinatus: present"),
    )
    assert [one for one in told if one not in text] == [], text
    assert text.count("STILL IN") == 2
    assert text.count("○ not yet received by the clinic") == 1, "the one that waits, and no other"
    assert text.index("R (right)") < text.index("Strength, biceps") < text.index("L (left)") < text.index("Tenderness")
    assert [one for one in CONTROLS if one in text] == []
    offline.emulate_media(media="print")
    assert offline.evaluate(SHOWN) == ["printed"]
    assert offline.locator("#printed").locator("button, input, a").count() == 0
