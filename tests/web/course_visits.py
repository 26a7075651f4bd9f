"""A neck followed over four visits, charted with the small entries of the bedside: three sessions, little change.

visits = neck_course(pia, person)      # pia has opened the person's record
"""

import datetime
import json
import uuid

from tests.web.records import token_of, visit_of

FIRST = datetime.date(2026, 1, 5)
WEEKS = 4
TURNING, REACHING = "Turning to look behind", "Reaching the top shelf"
NEEDLED = (
    ("C5 paraspinal", "right", 1, "ache"),
    ("C6 paraspinal", "right", 2, "familiar pain"),
    ("upper trapezius, neck part", "right", 2, "familiar pain"),
    ("infraspinatus, upper part", "right", 0, "plain"),
    ("H3 spinal accessory", "right", None, ""),
)


def entry(visit, kind, day=FIRST, **body):
    """An entry as a tablet makes it."""
    when = f"{day.isoformat()}T09:30:00+01:00"
    made = {"id": str(uuid.uuid4()), "kind": kind, "visit": visit, "body": body}
    return {**made, "device_time": when, "zone": "Europe/Berlin"}


def send(client, entries):
    """Send entries as the outbox does."""
    headers = {"X-CSRF": token_of(client, "/account"), "Content-Type": "application/json"}
    answer = client.post("/api/entries", content=json.dumps({"entries": entries}), headers=headers)
    assert answer.status_code == 200, answer.text[:2000]


def charted(visit, day, *, scores=(), findings=(), needles=(), area="neck", more=()):
    """The entries of a visit: complaint, scores, findings, needles with what they brought, and whatever else."""
    complaint = {"area": area, "side": "right", "text": "Neck, worse on looking back"}
    made = [
        entry(visit, "case.told", day, part="complaint", field=name, value=value) for name, value in complaint.items()
    ]
    made += [entry(visit, "score.recorded", day, score=code, items=items) for code, items in scores]
    made += [entry(visit, "finding.recorded", day, **one) for one in findings]
    for point, side, twitch, sensation in needles:
        needle = entry(visit, "needle.in", day, needle=str(uuid.uuid4()), point=point, side=side, out=True)
        made.append(needle)
        if twitch is not None:
            said = {"insertion": needle["id"], "twitch": twitch, "sensation": sensation}
            made.append(entry(visit, "needle.response", day, **said))
    return [*made, *(entry(visit, kind, day, **body) for kind, body in more)]


def scores(average, turning, reaching):
    """Pain and the two activities, those that were asked."""
    found = (
        [] if average is None else [("pain-average", {"score": average}), ("pain-now", {"score": max(average - 1, 0)})]
    )
    return [*found, ("function", {TURNING: turning, REACHING: reaching})]


def findings(tender, degrees, retest=None):
    """The same signs each time; ``retest``: the result after the needles."""
    made = [
        {"sign": "tenderness", "at": "C5 paraspinal", "side": "right", "result": tender},
        {"sign": "tenderness", "at": "C6 paraspinal", "side": "right", "result": "present"},
        {"sign": "taut band", "at": "upper trapezius", "side": "right", "result": "present"},
        {"sign": "range", "at": "neck rotation", "side": "right", "value": degrees},
    ]
    return made + ([{**made[0], "result": retest, "when": "after"}] if retest else [])


def neck_course(client, person, pains=(7, 6, 6, 6), functions=(3, 4, 4, 4)):
    """Visits a week apart, the last without needles so far; returns their ids."""
    visits = []
    for week, (pain, function) in enumerate(zip(pains, functions, strict=True)):
        day = FIRST + datetime.timedelta(weeks=week)
        visit = visit_of(client, person, day=day.isoformat(), reason="Neck")
        last = week == len(pains) - 1
        more = [("alongside.recorded", {"what": "exercise"})]
        if week == 1:
            more.append(("adverse.recorded", {"term": "bruise", "severity": "mild", "onset": "during"}))
        if last:
            more.append(("score.recorded", {"score": "change", "items": {"score": 1}}))
        made = charted(
            visit, day, scores=scores(pain, function, function + 1), needles=() if last else NEEDLED,
            findings=findings("present" if week < 2 else "absent", 48 + 3 * week, None if last else "absent"),
            more=more,
        )  # fmt: skip
        send(client, made)
        visits.append(visit)
    return visits
