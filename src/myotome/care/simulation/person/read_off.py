"""An examination read off a simulated person, as a case file has it: a theory made to run, not a patient."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from numpy.random import Generator

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Complaint
from myotome.care.explanation.likelihoods import SIDES
from myotome.care.explanation.numbers import number
from myotome.care.screening.items import items as screening_items
from myotome.care.simulation.person.body import Body, paraspinal_name
from myotome.care.simulation.person.signs import MUSCULAR, Seen, Simulated, painful_areas
from myotome.care.simulation.routine import Item, candidates, item
from myotome.errors import MechanismError
from myotome.mechanism import CAUTION
from myotome.mechanism.state import State

TRUNK = ("neck", "spine", "low back")  # where it hurts beside the spine; people come with the limb first
WHOLE_LIMBS = ("arm", "leg")  # looked at where nothing hurts


def examination(
    body: Body,
    state: State,
    person: int = 0,
    complaint: Complaint | None = None,
    rng: Generator | None = None,
    looks: Iterable[Item] | None = None,
) -> dict[str, Any]:
    """Plain values of a case file: complaint, screening and findings of one of the people of a state.

    ``complaint`` is where it hurts most unless given; ``looks`` is what is looked at, unless given all that an ordinary
    examination of the complaint looks at, on both sides. ``rng`` draws the examiner's mistakes, at the rates of the
    explanation's own tables; without it there are none. What the mechanism cannot say is left out: not tested.

    Raises:
        MechanismError: no such person, or a complaint of an area that the anatomy does not know.
    """
    whom = _whom(body, state, person)
    told = complaint or worst(whom)
    if told.area is not None and told.area not in anatomy().areas:
        raise MechanismError(f"'{told.area}' is no area of the body. Choose one of {', '.join(anatomy().areas)}.")
    seen = ((look, whom.look(look)) for look in (looks if looks is not None else routine_of(told)))
    findings = [_row(look, _mistaken(look, found, rng)) for look, found in seen if found is not None]
    document: dict[str, Any] = {"source": {"simulated": f"A simulated person. {CAUTION}"}}
    if told.area is not None:
        document["complaint"] = {"text": told.text, "side": told.side, "area": told.area}
    document["screening"] = {code: "yes" if code == "consent" else "no" for code in screening_items()}
    document["findings"] = findings
    return document


def worst(whom: Simulated) -> Complaint:
    """The area that hurts most, away from the spine where anything does; an empty complaint where nothing does."""
    pains = painful_areas(whom)
    if not pains:
        return Complaint()
    areas = anatomy().areas
    area, side = max(pains, key=lambda at: (areas[at[0]].region not in TRUNK, pains[at]))
    return Complaint(f"Pain in the {area} on the {side}, {round(pains[area, side])} of 10", side, area)


def routine_of(told: Complaint) -> tuple[Item, ...]:
    """All that an ordinary examination of a complaint looks at and the mechanism can speak of, on both sides.

    Where nothing hurts: arms and legs.
    """
    found: dict[tuple[str, str, str], Item] = {}
    for area in WHOLE_LIMBS if told.area is None else (told.area,):
        for look in _one_side(area, told.side if told.side in SIDES else SIDES[0]):
            both = (look,) if look.midline else (look, _on(look, SIDES[1 - SIDES.index(look.side)]))
            found.update({each.name: each for each in both})
    return tuple(found.values())


def _one_side(area: str, side: str) -> Iterable[Item]:
    fixed, chosen, elsewhere = candidates(area, side)
    body = anatomy()
    by_hand = [
        item("tenderness", "muscle", muscle.name, side, muscle.region)
        for muscle in body.muscles.values()
        if muscle.region == body.areas[area].region and muscle.depth != "deep"
    ]
    for look in (*fixed, *(c for c in chosen if c.sign != "test"), *by_hand, *elsewhere):
        yield look
        if look.sign == "tenderness" and look.site.kind in MUSCULAR:
            yield item("taut band", look.site.kind, look.site.name, side, look.region)
    # Whoever hurts is asked about the spine as well.
    yield from (item("pain", "area", name, side, body.areas[name].region) for name in ("neck", "low back"))


def _on(look: Item, side: str) -> Item:
    return Item(look.sign, look.site, side, look.region, look.results)


def _whom(body: Body, state: State, person: int) -> Simulated:
    people = state.muscles.shape[-1]
    if not 0 <= person < people:
        raise MechanismError(f"There is no person {person}. The state has {people}, numbered from 0.")
    return Simulated.of(body, state, person)


def _row(look: Item, seen: Seen) -> dict[str, Any]:
    name = paraspinal_name(look.site.name) if look.site.kind == "paraspinal" else look.site.name
    return {"sign": look.sign, "at": name, "side": look.side, "result": seen.result, **seen.measured}


def _mistaken(look: Item, seen: Seen, rng: Generator | None) -> Seen:
    """What the examiner writes down: a sign is missed, or found where there is none, as often as the tables say."""
    if rng is None:
        return seen
    rate = "sensitivity" if seen.is_sign else "false positive"
    drawn = rng.random()
    for result, view in _views(look):
        drawn -= number(f"{rate}.{view}")
        if drawn < 0.0:
            return seen if seen.is_sign and result in (seen.result, "") else Seen(result or _sign_word(look), True)
    return seen if not seen.is_sign else Seen(look.results[-1], False)


def _views(look: Item) -> tuple[tuple[str, str], ...]:
    """The results that are signs, each with the row of the likelihood tables that gives its rates."""
    if look.sign == "reflex":
        return tuple((kind, f"reflex {kind}") for kind in ("absent", "reduced", "brisk"))
    word = {"strength": "weak", "sensation": "reduced", "range": "limited"}.get(look.sign, "present")
    spine = "paraspinal " if look.site.kind == "paraspinal" else ""
    return (("", f"{spine}{look.sign} {word}"),)


def _sign_word(look: Item) -> str:
    return "coolness" if look.sign == "trophic" else look.results[0]
