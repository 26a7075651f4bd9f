"""The page on security says what the code does: its sections, its numbers and its table of who may do what."""

from pathlib import Path

from myotome.clinic.access import choosing, invitations, limits, sessions
from myotome.clinic.access.passwords import OWASP
from myotome.clinic.actor import PROOF_LASTS
from myotome.clinic.permissions import ALLOWED, ROLES
from myotome.web.clinic import bodies
from myotome.web.clinic.routes import sign_in

PAGE = (Path(__file__).resolve().parents[3] / "docs/safety/security.md").read_text("utf-8")
SECTIONS = [
    "Against whom",
    "Connections",
    "Sensitive data",
    "Secrets and keys",
    "Who may do what",
    "Signing in",
    "Sessions",
    "What is taken",
    "What takes long",
    "Logs",
    "PostgreSQL",
    "Components",
]


def section(name):
    return " ".join(PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0].split())


def test_every_section_is_there_and_says_something():
    assert [line[3:] for line in PAGE.splitlines() if line.startswith("## ")] == SECTIONS
    assert all(len(section(name)) > 200 for name in SECTIONS)
    assert len(PAGE.splitlines()) <= 150


def test_the_table_of_acts_is_the_one_that_holds():
    told = {}
    for line in PAGE.partition("| act | roles |")[2].partition("\n## ")[0].splitlines()[2:]:
        act, roles = (cell.strip() for cell in line.strip("|").split("|")[:2]) if "|" in line else ("", "")
        if act:
            told[act] = frozenset(roles.split(", "))
    assert told == ALLOWED
    assert frozenset().union(*told.values()) == set(ROLES)


def test_the_numbers_are_those_of_the_code():
    signing, session, taken = section("Signing in"), section("Sessions"), section("What is taken")
    hours = sessions.WHOLE.total_seconds() / 3600
    assert f"{choosing.LEAST} to {choosing.MOST} characters" in signing
    assert all(f"`{word}`" in signing for word in choosing.OF_THE_WORK)
    assert f"good for {PROOF_LASTS.total_seconds() / 60:.0f} minutes" in signing
    assert f"{sign_in.TRIES} tries" in signing
    assert f"{invitations.LASTS.total_seconds() / 3600:.0f} hours" in signing
    assert (
        f"{limits.ACCOUNT.tries} tries for a name, then one a minute; {limits.ADDRESS.tries} for an address" in signing
    )
    assert limits.ACCOUNT.every == limits.AGAIN.every == limits.ONE_MINUTE
    assert f"one in {limits.ADDRESS.every.seconds} seconds; {limits.AGAIN.tries} for signing again" in signing
    assert f"after {sessions.IDLE.total_seconds() / 60:.0f} minutes without use" in session
    assert f"after {hours:.0f} hours" in session
    assert f"{sessions.MOST} at most" in session
    assert f"{bodies.LARGEST // 1024} kB at most" in taken
    assert f"case file or drafts {bodies.LARGER // 1024} kB, {bodies.FIELDS} fields" in taken
    assert f"{bodies.SECONDS:.0f} seconds" in taken
    assert f"argon2id, {OWASP.memory} KiB, {OWASP.passes} passes, {OWASP.lanes} lane" in section("Secrets and keys")
