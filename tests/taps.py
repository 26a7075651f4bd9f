"""Taps on several devices, each knowing a part, what the needles really did; and entries no honest device makes."""

import random
from dataclasses import replace

from myotome.care.session.keys import FINDING, excludes, key_of, place_of
from myotome.care.session.ledger import ledger
from myotome.care.session.noted import Noted
from myotome.care.session.values import values

POINTS = (("infraspinatus", "right"), ("upper trapezius", "left"), ("C6 paraspinal", "right"), ("procerus", ""))
CHANGES = ("coolness", "sweating", "hair loss", "absent", "not tested")
DEVICES = 3
ACTS = (
    *("needle in",) * 4, *("in and out",) * 2, *("in again",) * 2, *("group out",) * 2, "unused", "all removed",
    *("response",) * 2, "noted", *("slip",) * 2, *("undo",) * 2, "undo the undo", *("sync",) * 3, "receive",
    "count", "incident", *("finding",) * 2, "answer", "told", "adverse", "finding as known",
)  # fmt: skip
TAP = (DEVICES - 1, len(ACTS) - 1, 2**16)  # what one tap draws: a device, an act, a choice


def drawn(seed, count):
    """Taps from a seed, as Hypothesis draws them."""
    rng = random.Random(seed)
    return [tuple(rng.randint(0, most) for most in TAP) for _ in range(count)]


class Visit:
    """Runs taps. ``entries`` is all that was made, wherever it lies; ``person`` and ``tray`` what is really so."""

    def __init__(self, taps):
        self.clinic, self.made, self.slips = [], 0, set()
        self.known = [[] for _ in range(DEVICES)]  # what each device has had from the clinic
        self.waiting = [[] for _ in range(DEVICES)]
        self.person, self.tray = {}, 0  # needle → the insertion where it really is
        self.opened, self.done = 0, []
        for device, act, pick in taps:
            self.rng = random.Random(pick)
            getattr(self, "do_" + ACTS[act].replace(" ", "_"))(device)
            self.done.append(ACTS[act])

    @property
    def entries(self):
        return [*self.clinic, *(entry for listed in self.waiting for entry in listed)]

    def seen(self, device):
        return [*self.known[device], *self.waiting[device]]

    def note(self, device, kind, slip=False, **body):
        self.made += 1
        when = f"2026-11-22T{9 + self.made // 3600:02d}:{self.made // 60 % 60:02d}:{self.made % 60:02d}+01:00"
        entry = Noted(f"e{self.made:04d}", kind, body, by=f"s{device}", device=f"d{device}", made=when)
        self.waiting[device].append(entry)
        if slip:
            self.slips.add(entry.id)
        return entry

    def insertions(self, device):
        return ledger(self.seen(device)).insertions

    def new_needle(self, device, slip=False, **more):
        point, side = self.rng.choice(POINTS)
        needle = f"n{self.made}"
        entry = self.note(device, "needle.in", slip, needle=needle, point=point, side=side, **more)
        if not slip:
            self.opened += 1
            if "out" in more:
                self.tray += 1
            else:
                self.person[needle] = entry.id

    def pull(self, needle):
        if needle in self.person:
            del self.person[needle]
            self.tray += 1

    def do_needle_in(self, device):
        self.new_needle(device)

    def do_in_and_out(self, device):
        self.new_needle(device, out=True)

    def do_in_again(self, device):
        """A needle that is really in goes elsewhere; the device may not know where it was last."""
        open_ = [one for one in self.insertions(device) if one.needle in self.person]
        if open_:
            one = self.rng.choice(open_)
            point, side = self.rng.choice(POINTS)
            more = {"out": True} if self.rng.random() < 0.3 else {}
            body = {"needle": one.needle, "point": point, "side": side, "after": one.id, **more}
            entry = self.note(device, "needle.in", **body)
            self.person[one.needle] = entry.id
            if more:
                self.pull(one.needle)

    def do_group_out(self, device):
        """Those that the device shows as in; where it is behind, a needle it names is no longer there."""
        open_ = [one for one in self.insertions(device) if not one.ended]
        group = self.rng.sample(open_, self.rng.randint(1, len(open_))) if open_ else []
        if group:
            self.note(device, "needle.out", insertions=[one.id for one in group])
            for one in group:
                if self.person.get(one.needle) == one.id:
                    self.pull(one.needle)

    def do_unused(self, device):
        count = self.rng.randint(1, 3)
        self.note(device, "needle.unused", count=count)
        self.opened += count
        self.tray += count

    def do_all_removed(self, device):
        open_ = [one.id for one in self.insertions(device) if not one.ended]
        self.note(device, "needles.removed", insertions=open_)
        for needle in list(self.person):
            self.pull(needle)

    def do_response(self, device):
        if found := self.insertions(device):
            one = self.rng.choice(found)
            body = {
                "insertion": one.id,
                "twitch": self.rng.randint(0, 1),
                "sensation": self.rng.choice(("plain", "ache")),
            }
            self.note(device, "needle.response", **self.in_place_of(device, "needle.response", body))

    def do_noted(self, device):
        if found := self.insertions(device):
            body = {
                "insertion": self.rng.choice(found).id,
                "what": "depth_mm",
                "value": self.rng.choice((10, 10.0, 12)),
            }
            self.note(device, "needle.noted", **self.in_place_of(device, "needle.noted", body))

    def do_slip(self, device):
        """A tap with nothing behind it."""
        found = [one.id for one in self.insertions(device)]
        act = self.rng.choice(("in", "out", "unused", "removed"))
        if act == "in":
            self.new_needle(device, slip=True)
        elif act == "unused":
            self.note(device, "needle.unused", slip=True, count=2)
        elif found:
            kind = {"out": "needle.out", "removed": "needles.removed"}[act]
            self.note(device, kind, slip=True, insertions=self.rng.sample(found, self.rng.randint(1, len(found))))

    def do_undo(self, device, kind=None):
        found = [e for e in self.seen(device) if (e.kind == "entry.taken-back") == (kind is not None)]
        if found:
            slips = [e for e in found if e.id in self.slips]
            entry = self.rng.choice(slips or found)
            self.note(device, "entry.taken-back", entry=entry.id)

    def do_undo_the_undo(self, device):
        self.do_undo(device, kind="entry.taken-back")

    def do_sync(self, device):
        """What waits is received, in the order of its making; at times sent twice."""
        for entry in self.waiting[device]:
            self.clinic.append(replace(entry, position=len(self.clinic) + 1, received="2026-11-22T09:00:00Z"))
        self.waiting[device] = []
        self.known[device] = list(self.clinic)

    def do_receive(self, device):
        self.known[device] = list(self.clinic)

    def do_count(self, device):
        number = self.tray + self.rng.choice((0, 0, 0, 1))
        self.note(device, "sharps.counted", **self.in_place_of(device, "sharps.counted", {"count": number}))

    def do_incident(self, device):
        self.note(device, "incident.written", text="One was not found.", needles=list(self.person)[:2])

    def do_finding(self, device, blind=False):
        """Tenderness, or one of several changes of the skin that one place may show."""
        sign, results = self.rng.choice((("tenderness", ("present", "absent")), ("trophic", CHANGES)))
        place = {"sign": sign, "at": self.rng.choice(POINTS[:3])[0], "side": "left"}
        body = {**place, "result": self.rng.choice(results)}
        if self.rng.random() < 0.2:  # as the page did when one change took the place of another
            there = place_of(Noted("new", FINDING, body))
            found = [one.id for one in values(self.seen(device)).entries if place_of(one) == there]
            body = {**body, "replaces": found}
        self.note(device, FINDING, **(body if blind else self.in_place_of(device, FINDING, body)))

    def do_finding_as_known(self, device):
        self.do_finding(device, blind=True)

    def do_answer(self, device):
        body = {
            "item": self.rng.choice(("pregnancy", "consent")),
            "answer": self.rng.choice(("yes", "no", "not asked")),
        }
        self.note(device, "screening.answered", **self.in_place_of(device, "screening.answered", body))

    def do_told(self, device):
        if self.rng.random() < 0.5:
            body = {
                "since": "v1",
                "answers": {"pregnancy": self.rng.choice(("yes", "no"))},
                "told": {"medicines": "none"},
            }
            self.note(device, "screening.unchanged", **body)
        else:
            body = {"part": "medicines", "value": self.rng.choice((["warfarin"], ["aspirin"], "none"))}
            self.note(device, "case.told", **self.in_place_of(device, "case.told", body))

    def do_adverse(self, device):
        """A new one, or an update of one that is known."""
        known = list(values(self.seen(device)).all("adverse.recorded").values())
        body = {"term": "bruise", "severity": self.rng.choice(("mild", "moderate")), "onset": "at once"}
        if known and self.rng.random() < 0.7:
            body["replaces"] = [head.id for head in self.rng.choice(known).heads]
        self.note(device, "adverse.recorded", **body)

    def ended(self):
        """Every needle comes out and all are counted, as a visit should end."""
        for device in range(DEVICES):
            self.do_sync(device)
        self.note(0, "needle.out", insertions=[one.id for one in ledger(self.entries).open])
        self.do_sync(0)
        self.note(0, "sharps.counted", **self.in_place_of(0, "sharps.counted", {"count": ledger(self.clinic).opened}))
        return self

    def in_place_of(self, device, kind, body):
        """The body with what it takes the place of: the heads that the device sees, or all that stand there."""
        found, key = values(self.seen(device)), key_of(Noted("new", kind, body))
        heads = [head for value in found.all(kind).values() for head in value.heads]
        listed = heads if self.rng.random() < 0.5 else [one for one in found.entries if one.kind == kind]
        named = [one.id for one in listed if excludes(key_of(one), key)]
        return {"replaces": named, **body} if named else body


def soup(seed, count=20):
    """Entries that no honest device makes: rings, loops to themselves, one id given twice, wrong types."""
    rng = random.Random(seed)
    ids = [f"x{number}" for number in range(count)]
    found = []
    for one in ids:
        some = rng.sample(ids, rng.choice((0, 0, 1, 2))) + [one] * (rng.random() < 0.2)
        kind, body = rng.choice(
            (
                ("entry.taken-back", {"entry": rng.choice(ids)}),
                ("entry.taken-back", {"entry": rng.choice(ids)}),
                (FINDING, {"sign": "pain", "at": "neck", "result": rng.choice("ab"), "replaces": some}),
                (FINDING, {"sign": "trophic", "at": "C6", "result": rng.choice(CHANGES), "replaces": some}),
                ("remark.written", {"text": rng.choice("ab"), "replaces": some}),
                (
                    "needle.in",
                    {"needle": rng.choice("mn"), "point": rng.choice("pq"), "side": "left", "after": rng.choice(ids)},
                ),
                ("needle.in", {"point": None, "after": 3, "out": "yes"}),
                ("needle.out", {"insertions": rng.choice((some, "x1", None))}),
                ("needles.removed", {"insertions": some}),
                ("needle.unused", {"count": rng.choice((1, 2, True, "3")), "replaces": some}),
                ("sharps.counted", {"count": rng.choice((1, 2)), "replaces": some}),
                (
                    "needle.response",
                    {"insertion": rng.choice(ids), "twitch": rng.choice((0, 1)), "sensation": "ache", "text": ""},
                ),
                ("incident.written", {"text": "it", "needles": rng.choice((["m"], [])), "replaces": some}),
            )
        )
        position = rng.choice((None, rng.randint(1, 2 * count)))
        made = f"2026-11-22T10:{rng.randint(0, 59):02d}:00{rng.choice(('+01:00', 'Z', '-05:00'))}"
        found.append(
            Noted(one, kind, body, made=rng.choice((made, made, "")), position=position, late=rng.random() < 0.08)
        )
    found += [
        replace(entry, position=position) for entry, position in zip(rng.sample(found, 3), (None, 3, 5), strict=True)
    ]
    return found
