"""Laws of the bedside's fold and ledger, over taps on several devices. Each reports how often it was not vacuous.

MYOTOME_LEDGER=N tries N visits a law.
"""

import os
import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myotome.care.session.keys import ACTS, KEYS, place_of
from myotome.care.session.ledger import ledger
from myotome.care.session.links import standing
from myotome.care.session.noted import Noted, in_order
from myotome.care.session.values import values
from tests.taps import TAP, Visit, soup

VISITS = int(os.environ.get("MYOTOME_LEDGER", "40"))
TAPS = st.lists(st.tuples(*(st.integers(0, most) for most in TAP)), min_size=20, max_size=60)
SEEDS = st.integers(0, 2**32)
COUNTED = ("needle.in", "needle.out", "needle.unused", "needles.removed", "sharps.counted")


def tried(law, record_property, drawn=TAPS, visits=VISITS, rare=0.05):
    """Run a law over drawn visits; each of its counts goes into the report, and one that hardly bit fails."""
    hits, runs = Counter(), []

    @settings(max_examples=visits, deadline=None, derandomize=True)
    @given(drawn, SEEDS)
    def run(one, seed):
        runs.append(seed)
        law(hits, one, random.Random(repr((seed, one))))  # Hypothesis likes to draw one seed again

    run()
    for name, count in sorted(hits.items()):
        record_property(f"ledger: {name}", count)
    seldom = {name: count for name, count in hits.items() if count < rare * len(runs)}
    assert hits and not seldom, f"tried too seldom in {len(runs)}: {seldom or 'nothing'}"


def same(one, other):
    """Whether two sets of entries fold alike, in everything that a screen could show."""
    assert values(one) == values(other)
    assert ledger(one) == ledger(other)
    assert ledger(one).missing() == ledger(other).missing()


def test_any_order_and_any_copy_folds_alike(record_property):
    """Two tablets and a server never hold the entries in one order; what they show must not depend on it."""

    def law(hits, taps, rng):
        made = Visit(taps).entries if taps[0][2] % 3 else soup(taps[0][2])
        other = rng.sample(made, len(made))
        again = [one for one in made if rng.random() < 0.3]
        unsent = [replace(one, position=None, received="") for one in again if not one.late]
        hits["shuffled"] += [one.id for one in other] != [one.id for one in made]
        hits["sent twice"] += bool(again)
        same(other, made)
        same([*again, *other], made)
        alone = [*made, *unsent] if len({one.id for one in made}) == len(made) else made
        same(rng.sample(alone, len(alone)), made)

    tried(law, record_property)


def test_needles_add_up_on_every_device(record_property):
    """Opened = ever in + unused, ever in = out + still in, counted by needle; settled means accounted for."""

    def law(hits, taps, rng):
        visit = Visit(taps)
        cut = rng.randint(0, len(visit.clinic))
        views = [visit.entries, visit.clinic[:cut], visit.seen(0), visit.seen(1)]
        for seen in (*views, *ended(visit, rng)):
            told, stand = ledger(seen), standing(in_order(seen))
            needles = {one.body["needle"] for one in stand if one.kind == "needle.in"}
            assert told.ever_in == len(needles)
            assert told.opened == told.ever_in + told.unused
            assert told.ever_in == told.out + told.still_in
            assert 0 <= told.to_reconcile <= told.still_in
            assert told.unused <= sum(one.body["count"] for one in stand if one.kind == "needle.unused")
            hits["a needle with several insertions"] += len(told.insertions) > len(needles)
            hits["still in"] += told.still_in > 0
            hits["to reconcile"] += told.to_reconcile > 0
            accounted(hits, told, in_order(seen), stand)

    tried(law, record_property)


def ended(visit, rng):
    """What the ledger is shown at the end of a visit: nearly all is out, counted rightly or not, explained or not."""
    for device in range(3):
        visit.do_sync(device)
    left = rng.sample(sorted(visit.person), min(len(visit.person), rng.choice((0, 0, 1))))
    out = [one.id for one in ledger(visit.entries).open if one.needle not in left]
    if out:
        visit.note(0, "needle.out", insertions=out)
        visit.do_sync(0)
    settled(visit, max(0, ledger(visit.entries).opened + rng.choice((0, 0, 1, -1))))
    yield visit.entries
    if rng.random() < 0.7:
        named = rng.choice((left, [one.needle for one in ledger(visit.entries).open]))
        visit.note(1, "incident.written", text="One was not found.", needles=named)
        yield visit.entries
    if rng.random() < 0.3:
        visit.do_undo(0)
        visit.do_in_and_out(1)
        yield visit.entries


def accounted(hits, told, every, stand):
    """No signature with a needle unaccounted for, without a written incident that is newer than all of the needles."""
    last = max((n for n, one in enumerate(every) if one in stand and one.kind in COUNTED), default=-1)
    incidents = [one for n, one in enumerate(every) if n > last and one in stand and one.kind == "incident.written"]
    named = {needle for one in incidents for needle in one.body["needles"]}
    whole = told.still_in == 0 and (told.in_sharps == told.opened or (not told.opened and told.sharps == "never"))
    if not told.missing():
        hits["settled with needles"] += told.opened > 0
        hits["settled by an incident"] += not whole
        assert not told.conflicts
        assert whole or (incidents and {one.needle for one in told.open} <= named)
    elif not told.conflicts:
        assert not whole


def test_the_ledger_ends_in_what_the_needles_really_did(record_property):
    """Slips taken back, everything sent, reconciled: the ledger agrees with needles that were moved one by one."""

    def law(hits, taps, rng):
        visit = Visit(taps)
        for device in rng.sample(range(3), 3):
            visit.do_sync(device)
        mended(hits, visit)
        told = reconciled(hits, visit)
        assert {one.needle for one in told.open} == set(visit.person)
        assert (told.opened, told.out + told.unused) == (visit.opened, visit.tray)
        if told.open:
            visit.note(0, "needles.removed", insertions=[one.id for one in told.open])
            visit.note(1, "needle.out", insertions=[one.id for one in told.open])
            visit.tray += len(visit.person)
            visit.person = {}
        visit.do_sync(0), visit.do_sync(1)
        settled(visit, visit.tray)
        told = ledger(visit.entries)
        hits["all removed, reconciled"] += "all removed" in visit.done and told.ever_in > 0
        assert told.still_in == told.to_reconcile == 0
        assert told.in_sharps in (told.opened, None)
        assert told.opened == visit.opened == visit.tray
        assert told.missing() == ()

    tried(law, record_property)


def mended(hits, visit):
    """Every slip undone and every act that really was restored, by entries alone."""
    while True:
        stand = {one.id for one in standing(in_order(visit.entries))}
        acts = [one for one in visit.entries if one.kind != "entry.taken-back"]
        slip = next((one for one in acts if one.id in visit.slips and one.id in stand), None)
        lost = next((one for one in acts if one.id not in visit.slips and one.id not in stand), None)
        if slip:
            wrong = [slip.id]
        elif lost:
            wrong = [e.id for e in visit.entries if e.body.get("entry") == lost.id and e.id in stand]
        else:
            return
        hits["undone or redone at the end"] += 1
        for one in wrong:
            visit.note(0, "entry.taken-back", entry=one)
        visit.do_sync(0)


def reconciled(hits, visit):
    """Somebody looks at each place where the ledger shows a needle and none is."""
    told = ledger(visit.entries)
    empty = [one.id for one in told.open if visit.person.get(one.needle) != one.id]
    hits["reconciled"] += bool(empty)
    if empty:
        visit.note(0, "needle.out", insertions=empty)
        visit.do_sync(0)
    return ledger(visit.entries)


def settled(visit, counted):
    """Conflicts settled by a new entry in place of all; the tray counted once more."""
    for value in values(visit.entries).conflicts:
        body = {name: it for name, it in value.body.items() if name != "replaces"}
        if value.kind != "sharps.counted":
            visit.note(0, value.kind, **body, replaces=[head.id for head in value.heads])
    heads = values(visit.entries).one("sharps.counted")
    if counted or heads:
        visit.note(0, "sharps.counted", count=counted, replaces=[one.id for one in heads.heads] if heads else [])
    visit.do_sync(0)


def test_no_conflict_is_dropped(record_property):
    """What stands and what differs is what a slow reading of the rules finds, for honest entries and hostile ones."""

    def law(hits, taps, rng):
        hostile = taps[0][2] % 2
        made = in_order(soup(rng.getrandbits(32)) if hostile else Visit(taps).entries)
        early = [one for one in made if not one.late]
        found, stand = values(made), slow_standing(early)
        assert {one.id for one in found.entries} == stand
        slow = slow_heads(early, stand)
        fast = Counter(
            frozenset(head.id for head in value.heads) for kind in found.found.values() for value in kind.values()
        )
        assert fast == slow
        told = {frozenset(head.id for head in value.heads) for value in found.conflicts}
        by_id = {one.id: one for one in made}
        assert told == {heads for heads in slow if len({by_id[one].says for one in heads}) > 1}
        assert {one.id for one in ledger(made).open} == slow_open(early, stand)
        hits["hostile, differing" if hostile else "honest, differing"] += bool(told)
        hits["taken back"] += len(stand) < len(early)

    tried(law, record_property, visits=2 * VISITS)


def test_undo_of_undo_in_any_knot(record_property):
    """Two people undo one undo, one of them undoes that: what stands is what a slow reading finds, rings and all."""

    def law(hits, _, rng):
        knot = undos(rng)
        stand = {one.id for one in standing(knot)}
        assert stand == slow_standing(knot)
        hits["some undone, some not"] += 0 < len(stand) < len(knot)

    tried(law, record_property, drawn=SEEDS, visits=5 * VISITS)


def undos(rng, count=9):
    """Taking-backs that name one another, mostly as devices make them: only what was there before."""
    kind, rings = "entry.taken-back", rng.random() < 0.3
    return [Noted("u0", "remark.written")] + [
        Noted(
            f"u{number}", kind, {"entry": f"u{rng.randrange(count if rings else number)}"}, position=rng.randrange(99)
        )
        for number in range(1, count)
    ]


def slow_standing(entries):
    """Until nothing changes: gone when a standing one takes it back, standing when none can any more."""
    takers = {
        one.id: [e.id for e in entries if e.kind == "entry.taken-back" and e.body.get("entry") == one.id]
        for one in entries
    }
    state = {}
    for _ in entries:
        for one, by in takers.items():
            if any(state.get(each) is True for each in by):
                state[one] = False
            elif all(state.get(each) is False for each in by):
                state[one] = True
    back = {one.id for one in entries if one.kind == "entry.taken-back"}
    gone = {one for one, by in takers.items() if any(state.get(each) for each in by)}
    return {one for one in takers if one not in gone and (one not in back or state.get(one))}


def slow_places(links, stand):
    """Which ids a standing one reaches by links, and by which entries; rings and what lies under them reach nothing."""
    links = {one: {t for t in found if t in links and t != one} for one, found in links.items()}

    def reach(starts, through):
        found = set()
        for _ in links:
            found |= {t for one in (starts | found) & through for t in links[one]}
        return found

    rings = {one for one in links if one in reach({one}, set(links))}
    sound = set(links) - rings - reach(rings, set(links))
    under = reach(stand & sound, sound)
    return under, (under | (stand & set(links))) & sound, links


def slow_heads(entries, stand):
    """The heads of every value, as sets of ids."""
    groups = {}
    for one in entries:
        key = one.id if one.kind in ACTS else place_of(one) if one.kind in KEYS else "list"
        groups.setdefault((one.kind, key), []).append(one)
    heads = Counter()
    for (kind, key), group in groups.items():
        listed = {} if kind in ACTS else {one.id: one.ids("replaces") for one in group}
        under, counts, links = slow_places(listed, stand)
        left = {one.id for one in group if one.id in stand and one.id not in under}
        threads = changes(group, left) if key != "list" else parted({one.id for one in group}, counts, links)
        heads.update(frozenset(thread & left) for thread in threads if thread & left)
    return heads


def changes(group, left):
    """The heads of a place: those of each trophic change apart, unless one says that there is none or nothing known."""
    said = {one.id: one.word("result") for one in group if one.word("sign") == "trophic" and one.id in left}
    several = len(said) == len(left) and not {"absent", "not tested", ""} & set(said.values())
    return [{i for i in left if said[i] == one} for one in set(said.values())] if several else [left]


def parted(ids, counts, links):
    """The ids in threads: those that links of entries that count join."""
    threads = [{one} for one in ids]
    for one in counts:
        for target in links[one]:
            joined = [thread for thread in threads if thread & {one, target}]
            threads = [thread for thread in threads if thread not in joined] + [set().union(*joined)]
    return threads


def slow_open(entries, stand):
    """The insertions that have not ended."""
    into = {one.id: one for one in entries if one.kind == "needle.in"}
    needle = {key: one.body.get("needle", key) for key, one in into.items()}
    links = {
        key: [one.body["after"]] if needle.get(one.body.get("after")) == needle[key] else []
        for key, one in into.items()
    }
    outs = {i for e in entries if e.kind == "needle.out" and e.id in stand for i in e.ids("insertions")}
    under, _, _ = slow_places(links, stand)
    return {key for key, one in into.items() if key in stand - outs - under and one.body.get("out") is not True}


@pytest.mark.parametrize(("undos", "insertions"), [(1200, 1), (1201, 0)])
def test_long_chains_are_followed_without_climbing_the_stack(undos, insertions):
    """Undo of undo of undo, in again after in again and one remark in place of another, a thousand deep."""
    chain, needle = Visit([]), {"needle": "n", "point": "procerus", "side": ""}
    first = last = chain.note(0, "needle.in", **needle)
    for _ in range(undos):
        last = chain.note(0, "entry.taken-back", entry=last.id)
    assert len(ledger(chain.entries).insertions) == insertions
    remark = chain.note(0, "remark.written", text="0")
    for number in range(undos):
        first = chain.note(0, "needle.in", **needle, after=first.id)
        remark = chain.note(0, "remark.written", text=str(number), replaces=[remark.id])
    assert [one.id for one in ledger(chain.entries).open] == [first.id]
    assert [one.heads for one in values(chain.entries).all("remark.written").values()] == [(remark,)]
