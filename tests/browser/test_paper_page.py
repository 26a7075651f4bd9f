"""Pages people hold, in a real browser and printed from it."""

from __future__ import annotations

import pytest

from myotome.paper.html import html
from tests.browser.looking import axe
from tests.paper_checks import BROWSER_FAULTS, missing, pdf_faults, text_of
from tests.paper_sample import sample
from tests.unit.test_paper import HOSTILE, document, with_hostile_words

WIDTHS = {"a phone": 360, "a tablet": 820, "A4": 794, "Letter": 816}


@pytest.fixture
def shown(browser):
    """Shows a document at a width, and ends with an error where the page had one."""
    contexts, faults = [], []

    def show(report, width=820, size="a4"):
        contexts.append(browser.new_context(viewport={"width": width, "height": 1000}))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda told: told.type in ("error", "warning") and faults.append(told.text))
        page.on("request", lambda asked: asked.url.startswith("http") and faults.append(asked.url))
        page.set_content(html(report, size))
        page.evaluate("document.fonts.ready")
        return page

    yield show
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("report", [sample, with_hostile_words], ids=["sample", "hostile"])
def test_nothing_is_cropped_or_covered(shown, report, width):
    page = shown(report(), width)
    assert page.evaluate(BROWSER_FAULTS) == []


@pytest.mark.parametrize("size", ["a4", "letter"])
@pytest.mark.parametrize("report", [sample, with_hostile_words], ids=["sample", "hostile"])
def test_printed_from_the_browser_it_is_whole(shown, report, size):
    """Banner and page number on every sheet, nothing beyond the margins, every word in its order."""
    made = shown(report(), size=size).pdf(prefer_css_page_size=True)
    # The browser does not tag where a picture lies, so that a plate's own lines and letters cannot be told apart.
    assert [fault for fault in pdf_faults(made) if "a rule runs through" not in fault] == []
    if report is sample:
        assert missing(report(), text_of(made)) == []


def test_hostile_words_stay_words(shown):
    page = shown(with_hostile_words())
    text = page.locator("main").inner_text()
    for words in HOSTILE:
        assert " ".join(words.split()) in " ".join(text.split()), words
    assert page.locator("script").count() == 0
    assert page.locator("h1").count() == 1


def test_the_page_has_landmarks_and_names(shown):
    page = shown(sample())
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert [page.locator(name).count() for name in ("header", "main", "footer", "article", "h1")] == [1, 1, 1, 2, 2]
    assert page.locator("th[scope=col]").count() == 5
    assert page.get_by_role("img", name="The body from behind, with marks.").count() == 1
    assert page.get_by_role("img", name="44 of 100").count() == 1
    assert page.get_by_role("row").count() == 13
    assert page.evaluate("document.fonts.check('700 16px \"Myotome Sans\"')")


@pytest.mark.parametrize("width", [360, 820])
def test_axe_finds_nothing(shown, width):
    axe(shown(sample(), width))


PLANTED = {
    "wider than the window": "table { min-width: 120vw; }",
    "cropped": "p { white-space: nowrap; }",
    "on one another": "p + p { margin-top: -1.2em; } h2 { margin-bottom: -1.2em; }",
    "on a picture": ".notice > div { margin-left: -2rem; }",
    "pictures on one another": "figure + figure { margin-left: -3rem; }",
    "a picture is cropped": "figure:first-child { margin-left: -30rem; }",
}


@pytest.mark.parametrize("fault", PLANTED)
def test_the_checker_finds_what_is_planted(shown, fault):
    """A check that cannot fail checks nothing."""
    page = shown(sample())
    page.add_style_tag(content=PLANTED[fault])
    found = page.evaluate(BROWSER_FAULTS)
    assert [f for f in found if fault in f], found[:5]


def test_an_empty_part_is_a_page(shown):
    assert shown(document()).evaluate(BROWSER_FAULTS) == []
