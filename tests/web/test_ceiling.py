"""Who asks for more thought than a hand can tap is told when to ask again; nobody else waits for it."""

import pytest

from myotome.web.clinic import ceiling
from myotome.web.clinic.ceiling import Ceiling
from myotome.web.clinic.routes import bedside
from tests.web.records import desks, register, visit_of


class Clock:
    """Moved by hand."""

    now = 0.0

    def __call__(self):
        return self.now


def test_a_bucket_empties_and_refills():
    clock = Clock()
    kept = Ceiling(3, 2, clock)
    assert [kept.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert kept.take("b") == 0, "each session has its own"
    clock.now = 0.25
    assert kept.take("a") == 0.25
    clock.now = 0.5
    assert [kept.take("a"), kept.take("a")] == [0, 0.5]
    clock.now = 1000
    assert [kept.take("a") for _ in range(4)] == [0, 0, 0, 0.5], "never more than it holds"


def test_the_session_longest_quiet_is_forgotten_first(monkeypatch):
    monkeypatch.setattr(ceiling, "MOST_SESSIONS", 2)
    kept = Ceiling(1, 0.001, Clock())
    assert [kept.take(one) for one in ("a", "b", "a", "c")] == [0, 0, 1000, 0]
    assert kept.take("a") == 1000
    assert kept.take("b") == 0


def test_a_visit_tapped_without_pause_never_meets_it():
    """300 taps of two questions, six taps a second."""
    clock = Clock()
    kept = Ceiling(bedside.AT_ONCE, bedside.EACH_SECOND, clock)
    for tap in range(300):
        clock.now = tap / 6
        assert kept.take("a") == kept.take("a") == 0


@pytest.mark.enable_socket
def test_too_many_questions_are_answered_with_when_to_ask_again(tmp_path, monkeypatch):
    monkeypatch.setattr(bedside, "AT_ONCE", 2)
    monkeypatch.setattr(bedside, "EACH_SECOND", 0.01)
    with desks(tmp_path) as rooms:
        pia = rooms.client("pia")
        visit = visit_of(pia, register(pia))

        def think(who):
            token = {"X-CSRF": rooms.clinic.access.csrf(rooms.made.token(who))}
            asked = {"entries": [], "want": "quick"}
            return rooms.client(who).post(f"/api/visits/{visit}/think", json=asked, headers=token)

        assert 429 not in {think("pia").status_code for _ in range(2)}
        refused = think("pia")
        assert refused.status_code == 429
        assert 90 <= int(refused.headers["Retry-After"]) <= 100
        assert "more than a hand can tap" in refused.json()["message"]
        assert think("lea").status_code != 429, "another session does not wait"
        assert pia.get(f"/api/visits/{visit}/bedside").status_code == 200, "nor does anything else"
