"""What the page of a visit is told beneath its own entries."""

import pytest

from myotome.clinic.bedside import Bedside
from myotome.clinic.entries.visits import VisitOpened
from myotome.clinic.known_before import known_before
from tests.charted import NECK, case_of, charted


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with charted("sqlite", tmp_path_factory.mktemp("known")) as made:
        made.bedside = Bedside(made.practice, made.visits, made.consents, made.governance)
        made.anna = made.person(opened_by=("pia",))
        yield made


@pytest.fixture
def visit(desk):
    desk.clock.forward(seconds=1)  # visits of one day come one after another
    return desk.visits.open(desk.who("pia"), desk.anna, VisitOpened(day=desk.practice.today()))


def test_without_a_case_file_the_person_is_known_from_the_record(desk, visit):
    pack = desk.bedside.pack(desk.who("pia"), visit)
    assert pack["known"] == {"person": {"age": pack["person"]["age"], "sex": None}}, "unknown sex rules nothing out"


def test_a_case_file_is_known_in_the_names_of_the_tables(desk, visit):
    desk.visits.examine(desk.who("pia"), visit, case_of(NECK))
    known, case = desk.bedside.pack(desk.who("pia"), visit)["known"], desk.visits.mind.read(case_of(NECK))[1]
    assert known["complaint"] == {"side": "left", "area": case.complaint.area, "text": case.complaint.text}
    assert known["person"]["age"] == case.person.age and known["screening"] == case.answers != {}
    assert known["medicines"] == ["naproxen 500 mg"]


def test_a_case_file_that_cannot_be_read_any_longer_is_left_out(desk, visit):
    with desk.practice.within() as shelf:
        old = shelf.visit(visit).model_copy(update={"case": {"findings": [{"sign": "moon", "at": "sun"}]}})
        assert list(known_before(shelf, old, desk.visits.mind)) == ["person"]
