"""One invented visit charted at the bedside by two people, signed, with what came late; for what is printed of it."""

import dataclasses

from myotome.clinic.drafts import Drafted, Drafts
from myotome.clinic.practice import Made
from tests.charted import NECK

ZONE = "Europe/Berlin"
SPOT = {"upper": ("upper trapezius", "left"), "infra": ("infraspinatus", "left"), "para": ("C7 paraspinal", "left"),
        "other": ("infraspinatus", "right")}  # fmt: skip


class Bedside:
    """Taps into one visit; an id is the name that the test gives, so that entries can speak of each other."""

    def __init__(self, desk, person, example=NECK):
        self.desk, self.drafts = desk, Drafts(desk.practice, desk.visits)
        self.visit = desk.visit(person, example=example)

    def tap(self, name, kind, at="10:00", /, who="pia", **body):
        """One tap by somebody at a time of their device."""
        actor = self.desk.who(who)
        if who == "ada":
            actor = dataclasses.replace(actor, on_behalf=self.desk.house.staff["pia"])
        made = Made(name, f"2026-03-01T{at}:00+01:00", ZONE)
        self.drafts.record(actor, [Drafted(kind, self.visit, body, made)])

    def needle(self, name, spot, at, /, **body):
        """A needle goes in; it has the insertion's name unless it says another."""
        point, side = SPOT[spot]
        told = {
            "needle": f"n-{name}",
            "point": point,
            "side": side,
            "gauge_mm": 0.25,
            "length_mm": 40,
            "gesture": "tap",
        }
        self.tap(name, "needle.in", at, **{**told, **body})

    @property
    def entries(self):
        """As the clinic hands them out."""
        with self.desk.practice.within() as shelf:
            return shelf.bedside(self.visit)


def charted_visit(desk, person):
    """Four needles and five insertions, one needle unused, a bruise, a conflict settled and one slip."""
    bed = Bedside(desk, person)
    bed.tap("agree", "explanation.judged", "10:01", agrees="partly", text="C6 as well.")
    bed.tap("tender-1", "finding.recorded", "10:02", sign="pain", at="neck", intensity=6)
    bed.tap("plan", "plan.taken", "10:03", points=[{"point": p, "side": s} for p, s in list(SPOT.values())[:3]])
    packet = {"maker": "Seirin", "expires": "2028-03-31", "diameter_mm": 0.25, "length_mm": 40}
    bed.tap("packet-1", "packet.opened", "10:03", **packet, lot="1243")
    bed.tap("packet-1b", "packet.opened", "10:03", **packet, lot="1234", replaces=["packet-1"])
    bed.tap("packet-2", "packet.opened", "10:03", maker="Asiamed")
    bed.needle("in-1", "upper", "10:04")
    bed.tap("r-1", "needle.response", "10:04", insertion="in-1", twitch=2, sensation="familiar pain", gesture="tap")
    bed.tap("g-1", "needle.noted", "10:04", insertion="in-1", what="depth_mm", value=18)
    bed.needle("in-2", "infra", "10:05", gesture="numpad")
    bed.tap("r-2", "needle.response", "10:05", insertion="in-2", twitch=1, sensation="ache", gesture="numpad")
    bed.tap("r-2b", "needle.response", "10:06", who="ada", insertion="in-2", twitch=3, sensation="ache")
    bed.tap("r-2c", "needle.response", "10:07", insertion="in-2", twitch=3, sensation="ache", replaces=["r-2", "r-2b"])
    bed.needle("in-3", "other", "10:07", needle="n-in-2", after="in-2", technique="in and out")
    bed.needle("in-4", "para", "10:08", out=True, gesture="in and out")
    bed.needle("in-5", "upper", "10:09")
    bed.tap("slip", "needle.response", "10:09", insertion="in-5", twitch=0, sensation="plain")
    bed.tap("undo", "entry.taken-back", "10:09", entry="slip")
    bed.tap("unused", "needle.unused", "10:10", count=1, why="dropped")
    bed.tap("out", "needle.out", "10:16", insertions=["in-1", "in-3", "in-5"], gesture="group")
    bed.tap("sharps", "sharps.counted", "10:17", who="ada", count=5)
    bed.tap("bruise", "adverse.recorded", "10:18", term="bruise", severity="mild", onset="during",
            actions=["pressure"], point="upper trapezius", side="left")  # fmt: skip
    bed.tap("tender-2", "finding.recorded", "10:19", sign="pain", at="neck", intensity=3, when="after")
    bed.tap("pain", "score.recorded", "10:19", score="pain-now", items={"score": 3}, when="after")
    bed.tap("heat", "alongside.recorded", "10:20", what="heat", text="ten minutes")
    bed.tap("care", "aftercare.given", "10:21", advice=["soreness", "collapsed lung"], how="print")
    bed.tap("next", "followup.planned", "10:21", days=7)
    return bed


def signed_visit(desk, person):
    """The same, signed, with one needle found in a fold of the sheet and entered from paper an hour later."""
    bed = charted_visit(desk, person)
    desk.clock.forward(minutes=25)
    desk.visits.sign(desk.who("pia"), bed.visit, desk.proof("pia"))
    desk.clock.forward(minutes=60)
    bed.tap("late", "needle.unused", "11:20", count=1, paper=True, happened="2026-03-01T10:10:00+01:00")
    bed.tap("late-2", "packet.opened", "11:20", lot="77", expires="2026-02-28", happened="2026-03-01T10:00:00+01:00")
    return bed
