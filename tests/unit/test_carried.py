"""What "nothing has changed" may carry over: nothing of today, nothing sensitive, nothing asked too long ago."""

import datetime
from itertools import count

import pytest

from myotome.care.screening.asking import ALONE, EACH_VISIT, WHEN_CHANGED, asked, days_carried, how_asked
from myotome.care.screening.items import items
from myotome.clinic.at_bedside import bedside_document
from myotome.clinic.drafts import Drafted, Drafts
from myotome.clinic.entries.visits import VisitOpened
from myotome.clinic.practice import Made
from tests.charted import charted

NUMBERS = count()
DAY = datetime.timedelta(days=1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with charted("sqlite", tmp_path_factory.mktemp("carried")) as made:
        made.drafts = Drafts(made.practice, made.visits)
        made.anna = made.person(opened_by=("pia",))
        yield made


def test_each_of_the_few_that_are_asked_anew_has_its_reason():
    rows = asked().values()
    assert {one.code for one in rows} <= set(items())
    assert all(one.why and one.provenance.grade == "assumed" for one in rows)
    assert 8 <= sum(one.how == EACH_VISIT for one in rows) <= 13
    assert {"suicidal thoughts", "domestic violence"} <= {one.code for one in rows if one.how == ALONE}
    for code in ("pregnancy", "infection", "fever", "recent needling of the chest, neck or upper back"):
        assert how_asked(code) == EACH_VISIT
    assert how_asked("cancer history") == WHEN_CHANGED


def seen(desk, days, *, since="", answers=(), **own):
    """A visit so many days ago; ``own`` were asked in it, ``answers`` carried over. Its id, and what then stands."""
    desk.clock.forward(seconds=1)
    day = desk.practice.today() - days * DAY
    visit = desk.visits.open(desk.who("pia"), desk.anna, VisitOpened(day=day))
    told = [("screening.answered", {"item": item.replace("_", " "), "answer": said}) for item, said in own.items()]
    if since:
        told.append(("screening.unchanged", {"since": since, "answers": dict.fromkeys(answers, "no")}))
    for kind, body in told:
        made = Made(f"carried-{next(NUMBERS)}", "2026-03-01T10:30:00+01:00", "Europe/Berlin")
        desk.drafts.record(desk.who("pia"), [Drafted(kind, visit, body, made, "")])
    with desk.practice.within() as shelf:
        return visit, bedside_document(shelf, shelf.visit(visit), shelf.bedside(visit)).get("screening", {})


def test_what_is_of_today_or_sensitive_is_never_carried_over(desk):
    first, _ = seen(desk, 9, cancer_history="no", pregnancy="no", suicidal_thoughts="no")
    _, stands = seen(desk, 2, since=first, answers=("cancer history", "pregnancy", "suicidal thoughts"))
    assert stands == {"cancer history": "no"}
    _, stands = seen(desk, 1, since=first, answers=("cancer history", "pregnancy"), pregnancy="yes")
    assert stands == {"cancer history": "no", "pregnancy": "yes"}


def test_an_answer_that_was_never_asked_or_is_of_no_visit_does_not_stand(desk):
    first, _ = seen(desk, 9, cancer_history="no", diabetes="not asked")
    _, stands = seen(desk, 2, since=first, answers=("cancer history", "diabetes", "epilepsy"))
    assert stands == {"cancer history": "no"}
    assert seen(desk, 1, since="no-such-visit", answers=("cancer history",))[1] == {}


def test_an_answer_grows_old_however_often_it_is_carried_over(desk):
    limit = days_carried()
    first, _ = seen(desk, limit + 30, cancer_history="no", diabetes="no")
    again, stands = seen(desk, 31, since=first, answers=("cancer history",), diabetes="no")
    assert stands == {"cancer history": "no", "diabetes": "no"}
    _, stands = seen(desk, 1, since=again, answers=("cancer history", "diabetes"))
    assert stands == {"diabetes": "no"}
    assert seen(desk, 29, since=first, answers=("cancer history",))[1] == {}
    assert seen(desk, 30, since=first, answers=("cancer history",))[1] == {"cancer history": "no"}
