"""Clocks that are wrong or set back: the order is that of the chain, and nothing is refused or lost."""

from datetime import UTC, datetime, timedelta

import pytest

from myotome.records.event import instant
from myotome.records.verification.verify import verify
from tests.stores import KINDS, START, draft, open_ledger

pytestmark = pytest.mark.enable_socket
SET_BACK = {
    "a second": timedelta(seconds=1),
    "an hour, as in autumn": timedelta(hours=1),
    "a day": timedelta(days=1),
    "years": timedelta(days=9 * 365),
    "to the first day that computers know": START - datetime(1970, 1, 1, tzinfo=UTC),
}
DEVICE_TIMES = (
    "1970-01-01T00:00:00+00:00",
    "0001-01-01T00:00:00+14:00",
    "2099-12-31T23:59:60.5+01:00".replace(":60", ":59"),
    "9999-12-31T23:59:59-12:00",
    "2026-10-25T02:30:00+01:00",  # the hour that comes twice
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_clock_set_back_between_events_changes_no_order(kind, tmp_path):
    """Harm: yesterday's allergy sorted behind last year's, or an entry refused because a battery was changed."""
    with open_ledger(kind, tmp_path) as (ledger, _, _):
        sent, moments = [], []
        with ledger.writing(START) as record:
            record.keys.make("anna", "anna")
        for back in SET_BACK.values():
            for moment in (START, START - back, START + timedelta(days=3650)):
                made = draft("anna", body={"number": len(sent)})
                with ledger.writing(moment) as record:
                    receipt = record.append(made)
                assert (receipt.position, receipt.received) == (len(sent) + 1, instant(moment))
                sent.append(made)
                moments.append(instant(moment))
        with ledger.reading() as record:
            events = record.events()
            assert record.events(newest=True) == events[::-1]
            assert record.state("person", "anna") == {"notes": len(sent), "last": {"number": len(sent) - 1}}
        assert [event.id for event in events] == [made.id for made in sent]
        assert [event.position for event in events] == list(range(1, len(sent) + 1))
        assert [event.received for event in events] == moments
        report = verify(ledger, "main")
        assert report.sound
        assert any("clock" in notice for notice in report.notices), report.notices
        was = states(ledger)
        ledger.rebuild(START - timedelta(days=365))
        assert states(ledger) == was


def states(ledger):
    with ledger.reading() as record:
        return record.changed("person", 0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_device_with_a_wrong_clock_is_believed_only_about_what_it_says(kind, tmp_path):
    """Its time is kept as it was sent; the order is that in which events arrived."""
    with open_ledger(kind, tmp_path) as (ledger, _, _):
        with ledger.writing(START) as record:
            for number, said in enumerate(DEVICE_TIMES):
                record.append(draft(body={"number": number}, device_time=said))
        with ledger.reading() as record:
            events = record.events()
        assert [event.device_time for event in events] == list(DEVICE_TIMES)
        assert {event.received for event in events} == {instant(START)}
        assert [event.body["number"] for event in events] == list(range(len(DEVICE_TIMES)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_sent_again_after_the_clock_was_set_back_keeps_its_first_receipt(kind, tmp_path):
    """Harm: the same entry twice, a day apart, because the answer to the first was lost."""
    with open_ledger(kind, tmp_path) as (ledger, _, _):
        made = draft()
        with ledger.writing(START) as record:
            once = record.append(made)
        with ledger.writing(START - timedelta(days=1)) as record:
            again = record.append(made)
        assert again.repeated
        assert (again.position, again.hash, again.received) == (once.position, once.hash, once.received)
        with ledger.reading() as record:
            assert len(record.events()) == 1


def test_what_is_kept_until_a_moment_survives_a_clock_set_back(tmp_path):
    """A sign-in may live longer by as much as the clock went back, never shorter."""
    with open_ledger("sqlite", tmp_path) as (ledger, _, _):
        with ledger.writing(START) as record:
            record.drawer("session").put("one", {"of": "anna"}, until=instant(START + timedelta(hours=8)))
        with ledger.writing(START - timedelta(days=1)) as record:
            assert record.drawer("session").sweep(instant(START - timedelta(days=1))) == 0
            assert record.drawer("session").get("one") == {"of": "anna"}
        with ledger.writing(START) as record:
            assert record.drawer("session").sweep(instant(START + timedelta(hours=9))) == 1
