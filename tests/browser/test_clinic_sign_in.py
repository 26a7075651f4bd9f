"""A clinic is founded, entered by password and by passkey, with a finger or the keyboard alone, in a real Chromium."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.looking import go, sound
from tests.web.listening import place
from tests.web.rooms import CODE, clinic_of, open_practice

PASSWORD = "lantern under seven stones"  # noqa: S105  # of a clinic made here
OWN_PAGES = ("/account", "/account/passkeys/new", "/staff", "/staff/new", "/devices", "/clinic", "/no-such-page")


@contextmanager
def served_clinic(folder, begin=lambda accounts: None):
    """Address of a clinic, as ``begin`` leaves it."""
    from myotome.clinic.access.access import Access
    from myotome.clinic.access.accounts import Accounts
    from myotome.web.clinic.app import clinic_app
    from tests.clinics import QUICK

    with place() as here, open_practice("sqlite", folder) as practice:
        access = Access(practice, QUICK)
        made = clinic_of(practice, access, Accounts(practice, access), folder)
        begin(made.accounts)
        with here.serving(clinic_app(made, origin=here.address, founding_code=CODE)) as origin:
            yield origin


@pytest.fixture
def empty(tmp_path):
    """A clinic that nobody has founded yet."""
    with served_clinic(tmp_path) as origin:
        yield origin


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """A clinic with an owner."""
    told = ("Practice by the Mill", "DE", "Europe/Berlin", "Ana Wójcik", "ana", PASSWORD)
    with served_clinic(tmp_path_factory.mktemp("clinic"), lambda accounts: accounts.found(*told)) as origin:
        yield origin


@pytest.fixture
def visit(browser):
    """Opens a browser of its own; pages end without an error or a broken policy."""
    contexts, faults = [], []

    def opened(address, width=820, height=1180, **more):
        context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: said.type in ("error", "warning") and faults.append(said.text))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not [fault for fault in faults if "404" not in fault and "422" not in fault], faults


def with_device(page):
    """A device in this browser that makes passkeys and knows its person."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    chosen = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    told = {"options": chosen | {"isUserVerified": True, "automaticPresenceSimulation": True}}
    return cdp, cdp.send("WebAuthn.addVirtualAuthenticator", told)["authenticatorId"]


def test_a_clinic_is_founded_and_entered_by_password_and_by_passkey(visit, empty):
    page = visit(empty)
    sound(page)
    page.get_by_label("Code from the terminal").fill(CODE)
    page.get_by_label("Name of the clinic").fill("Practice by the Mill")
    page.get_by_label("Where it is").select_option("DE")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    page.get_by_label("Your name").fill("Ana Wójcik")
    page.get_by_label("Sign-in name").fill("ana")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password once more").fill("slipped")
    go(page, page.get_by_role("button", name="Found the clinic"))
    page.get_by_text("The two passwords are not the same").wait_for()
    sound(page)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password once more").fill(PASSWORD)
    go(page, page.get_by_role("button", name="Found the clinic"))
    go(page, page.get_by_role("link", name="Ana Wójcik"))

    cdp, device = with_device(page)
    go(page, page.get_by_role("link", name="Add a passkey"))
    page.get_by_label("Your password").fill(PASSWORD)
    go(page, page.get_by_role("button", name="Go on"))
    page.get_by_label("Name of the passkey").fill("tablet in room 2")
    sound(page)
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_text("The passkey is kept").wait_for()
    assert len(cdp.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1
    for path in OWN_PAGES:
        page.goto(_at(page, path))
        sound(page)

    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You are signed out").wait_for()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("link", name="Ana Wójcik").wait_for()

    # What needs signing in again takes the passkey too, with nothing typed.
    page.goto(_at(page, "/account"))
    go(page, page.get_by_role("link", name="Remove tablet in room 2"))
    page.get_by_role("button", name="Use a passkey instead").click()
    page.get_by_text("The passkey is removed").wait_for()


def _at(page, path):
    return "/".join(page.url.split("/")[:3]) + path


def test_the_keyboard_alone_signs_in_and_out(visit, clinic):
    page = visit(f"{clinic}/sign-in", width=390, height=844, color_scheme="dark")
    sound(page)
    keys = page.keyboard
    keys.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    for _ in range(20):
        if page.evaluate("document.activeElement.id") == "name":
            break
        keys.press("Tab")
    keys.type("ana")
    keys.press("Tab")
    keys.type("wrong password")
    keys.press("Enter")
    page.get_by_role("alert").wait_for()
    expect(page.locator(":focus"), "what is wrong is read out first").to_have_class("wrong")
    expect(page.get_by_label("Sign-in name")).to_have_value("ana")
    page.get_by_label("Password").focus()
    keys.type(PASSWORD)
    keys.press("Enter")
    out = page.get_by_role("button", name="Sign out")
    out.wait_for()
    more = page.locator("summary", has_text="More")
    more.focus()
    keys.press("Enter")
    page.get_by_role("link", name="Devices").focus()
    keys.press("Enter")
    page.get_by_role("heading", name="Devices").wait_for()
    page.wait_for_load_state()
    sound(page)
    out.focus()
    keys.press("Enter")
    page.get_by_text("You are signed out").wait_for()


def test_without_scripts_the_password_still_signs_in(visit, clinic):
    page = visit(f"{clinic}/sign-in", java_script_enabled=False)
    expect(page.get_by_role("button")).to_have_text(["Sign in"])
    page.get_by_label("Sign-in name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


def test_atlas_and_mechanism_work_under_the_clinic_s_address(visit, clinic):
    page = visit(f"{clinic}/sign-in")
    page.get_by_label("Sign-in name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Sign out").wait_for()
    page.goto(f"{clinic}/atlas/")
    page.wait_for_selector(".picker[data-shows=figures] .picker-figures svg")
    page.goto(f"{clinic}/mechanism/")
    page.wait_for_selector(".chart svg .line")
