"""The demonstration practice: made by ``myotome serve --demo``, a dozen people at the stages that people.toml says."""

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from myotome.app import main, now
from myotome.clinic.demonstration.practice import STAFF, demonstrate
from myotome.clinic.places import premises
from myotome.clinic.states import PersonState, VisitState
from myotome.errors import MissingError
from myotome.premises import opened
from tests.web.processes import sent, served, surroundings
from tests.web.rooms import said

pytestmark = pytest.mark.enable_socket
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PEOPLE = tomllib.loads((files("myotome.clinic.demonstration") / "people.toml").read_text("utf-8"))["person"]
STAGES = {
    "registered": (), "supposed": ("supposed",), "examined": ("examined",), "signed": ("examined", "signed"),
    "waiting": ("examined", "signed", "waits"), "cosigned": ("examined", "signed", "cosigned"),
    "amended": ("examined", "signed", "amended"), "moved": ("examined", "signed", "moved"),
    "struck": ("examined", "struck"), "in treatment": ("examined", "signed"),
}  # fmt: skip


class Shown:
    """A finished demonstration: its places, and what the terminal and the pages said."""

    def __init__(self, folder, cache):
        self.folder, self.environment = folder, surroundings(folder, cache)
        self.environment["MYOTOME_DATA"] = str(folder / "data")
        self.places = premises(self.environment, demonstration=True)
        left = folder / "data" / "demonstration" / "heads" / "left-behind"
        left.parent.mkdir(parents=True)
        for file in (left, self.places.folder / "demonstration.db", self.places.folder / "demonstration.db-wal"):
            file.write_text("of one that was interrupted while it was made")
        with served(self.environment, "--demo", "--examples", str(EXAMPLES)) as process:
            process.answers()
            self.first = list(process.said)
            self.password = (self.places.folder / "sign-in.txt").read_text().strip()
            self.cleared = not left.exists()
            with process.browser() as browser:
                self.came_in = sent(browser, "/sign-in", name="pia", password=self.password).status_code
                self.people = said(browser.get("/people"))
            process.end()

    def open(self):
        """In this process."""
        return opened(self.places, lambda _: None, now)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    return Shown(tmp_path_factory.mktemp("shown"), tmp_path_factory.getbasetemp() / "cache")


@pytest.fixture(scope="module")
def kept(shown):
    """Every person by their listed name, and every visit by the person's id."""
    with shown.open() as clinic, clinic.practice.within() as shelf:
        people = [PersonState.model_validate(one) for _, one in shelf.reading.states("person")]
        visits = [VisitState.model_validate(one) for _, one in shelf.reading.states("visit")]
    return {f"{one.family}, {one.given}": one for one in people}, {one.person: one for one in visits}


def test_an_interrupted_one_is_made_anew_and_the_terminal_says_who_can_sign_in(shown):
    assert shown.cleared
    assert f"Password of all: {shown.password}" in shown.first
    (line,) = [line for line in shown.first if line.startswith("Demonstration: nobody in it is real.")]
    assert all(f"{name} (" in line for name in ("ana", *(name for name, *_ in STAFF)))
    assert (shown.places.folder / "sign-in.txt").stat().st_mode & 0o777 == 0o600


def test_somebody_signs_in_and_sees_that_it_is_a_demonstration(shown):
    assert shown.came_in == 303
    assert "Demonstration" in shown.people and "Achterberg, Maud" in shown.people


def reached(visit):
    """The stages of a visit."""
    if visit is None:
        return set()
    signed = visit.signature is not None
    waits = signed and visit.signature.needs_cosignature and visit.cosignature is None
    found = {
        "supposed": visit.hypothesis is not None and visit.case is None,
        "examined": visit.case is not None and visit.explanation is not None and visit.plan is not None,
        "signed": signed,
        "waits": waits,
        "cosigned": visit.cosignature is not None,
        "amended": bool(visit.amendments),
        "moved": bool(visit.moves),
        "struck": visit.struck is not None,
    }
    return {name for name, is_so in found.items() if is_so}


def test_everybody_is_at_the_stage_that_is_told(kept):
    people, visits = kept
    assert len(PEOPLE) == len(people) == 15
    assert {one["stage"] for one in PEOPLE} == set(STAGES)
    for one in PEOPLE:
        person = people[f"{one['family']}, {one['given']}"]
        assert reached(visits.get(person.id)) == set(STAGES[one["stage"]]), one["family"]
        assert bool(person.consents) == one.get("consent", False)
        assert any(agreed.withdrawn_at for agreed in person.consents) == one.get("withdrawn", False)
        assert bool(person.merged_into) == ("merge_into" in one)
        told = {relative.relation for relative in person.relatives}
        assert told == {relation for relation in ("guardian", "interpreter") if relation in one}
        assert not visits.get(person.id) or visits[person.id].on_behalf == "" or "behalf" in one


def test_what_was_needled_is_the_plan_that_was_taken(shown, kept):
    with shown.open() as clinic, clinic.practice.within() as shelf:
        charted = [shelf.bedside(one.id) for one in kept[1].values()]
    needled = [one for one in charted if any(entry.kind == "needle.in" for entry in one)]
    assert needled
    for entries in needled:
        (taken,) = (entry.body["points"] for entry in entries if entry.kind == "plan.taken")
        assert taken == [
            {name: one.body[name] for name in ("point", "side")} for one in entries if one.kind == "needle.in"
        ]


def test_its_record_verifies(shown, capsys, monkeypatch):
    for name in ("MYOTOME_DATA", "HOME", "MYOTOME_CACHE"):
        monkeypatch.setenv(name, shown.environment[name])
    assert main(["verify", "--demo"]) == 0
    assert "are as they were recorded" in capsys.readouterr().out


def test_nothing_of_it_lies_where_a_clinics_record_does(shown):
    """A real clinic in the same folder has other files, another key, and begins empty."""
    assert [file.name for file in (shown.folder / "data").iterdir()] == ["demonstration"]
    real = premises(shown.environment)
    with opened(real, lambda _: None, now, beginning=True) as clinic:
        assert not clinic.accounts.is_founded() and real.key != shown.places.key
    with shown.open() as clinic:
        assert clinic.practice.settings().demonstration


def test_without_the_published_cases_it_is_refused_before_anything_is_recorded(tmp_path):
    places = premises({"HOME": str(tmp_path)}, str(tmp_path), demonstration=True)
    with opened(places, lambda _: None, now, beginning=True) as clinic:
        with pytest.raises(MissingError, match=r"holds no plan-c7-root-first-visit\.yaml.*--examples"):
            demonstrate(clinic, tmp_path, "x")
        assert not clinic.accounts.is_founded()
