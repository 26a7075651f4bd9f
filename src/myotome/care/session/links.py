"""Entries that take the place of others, followed without looping whatever was sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from myotome.care.session.noted import Noted

TAKEN_BACK = "entry.taken-back"


def standing(entries: Iterable[Noted]) -> tuple[Noted, ...]:
    """The entries that no standing taking-back names, in the order given.

    Taking back a taking-back revives. Taking-backs that name each other in a ring take nothing back.
    """
    listed = tuple(entries)
    takers: dict[str, list[str]] = {}
    names = {entry.id: entry.word("entry") for entry in listed if entry.kind == TAKEN_BACK}
    for taker, target in names.items():
        takers.setdefault(target, []).append(taker)
    waiting = {target: len(found) for target, found in takers.items()}
    open_ends = [taker for taker in names if taker not in takers]
    stands = set(open_ends)
    decided = set(open_ends)
    while open_ends:
        taker = open_ends.pop()
        target = names[taker]
        waiting[target] -= 1
        if target in names and target not in decided and (taker in stands or not waiting[target]):
            decided.add(target)
            if taker not in stands:
                stands.add(target)
            open_ends.append(target)
    gone = {names[taker] for taker in stands}
    return tuple(e for e in listed if e.id not in gone and (e.kind != TAKEN_BACK or e.id in stands))


def covered(links: Mapping[str, Iterable[str]], stand: Collection[str]) -> tuple[set[str], set[str]]:
    """Which ids a standing one takes the place of, through any chain; and which of all count.

    A chain holds through a link that was taken back: whoever wrote the newer one had seen the older in force.
    What lies in a ring takes the place of nothing, so no value can vanish.
    """
    above = dict.fromkeys(links, 0)
    for one, targets in links.items():
        for target in set(targets) - {one}:
            if target in above:
                above[target] += 1
    free = [one for one, count in above.items() if not count]
    under: set[str] = set()
    counts: set[str] = set()
    while free:
        one = free.pop()
        active = one in stand or one in under
        if active:
            counts.add(one)
        for target in set(links[one]) - {one}:
            if target in above:
                above[target] -= 1
                if active:
                    under.add(target)
                if not above[target]:
                    free.append(target)
    return under, counts
