"""Fills a newly founded clinic with the demonstration's staff and people, through the same acts as any clinic's."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Container
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from myotome.care.examination import yaml12
from myotome.clinic.actor import Actor
from myotome.clinic.clinic import Clinic
from myotome.clinic.demonstration.sessions import COURSE, Charting, chart_session
from myotome.clinic.entries.persons import Identifier, PersonRegistered, PersonRelated
from myotome.clinic.entries.visits import HypothesisRecorded, VisitOpened
from myotome.errors import MissingError

NAME, PLACE, ZONE = "Harbour Street Physiotherapy", "CA-BC", "America/Vancouver"
STAFF = (
    ("lea", "Lea Brandt", ("lead", "practitioner"), "demonstration 2"),
    ("pia", "Pia Moreau", ("practitioner",), "demonstration 3"),
    ("ivo", "Ivo Petrov", ("intern",), ""),
    ("ada", "Ada Nkemelu", ("assistant",), ""),
    ("rex", "Rex Tanaka", ("reception",), ""),
    ("aud", "Audra Quinn", ("auditor",), ""),
)
OWNER = ("ana", "Ana Lindqvist")
FIRST_AGE = 52
WEEK = 7


@dataclass
class Making:
    """What is known while the demonstration is made."""

    clinic: Clinic
    examples: Path
    password: str
    actors: dict[str, Actor] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """A member of staff, signed in once."""
        if name not in self.actors:
            token = self.clinic.access.sign_in(name, self.password, "demonstration")
            found = self.clinic.access.actor(token)
            if found is None:
                raise MissingError(f"{name} could not sign in to the demonstration.")
            self.actors[name] = found
        return self.actors[name]


def demonstrate(clinic: Clinic, examples: Path, password: str, families: Container[str] | None = None) -> None:
    """Found the demonstration practice; every account has the same ``password``. ``families``: only these people.

    Raises:
        MissingError: the folder ``examples`` does not hold the published cases.
    """
    cases = [one for one in _people() if families is None or one["family"] in families]
    missing = [one["case"] for one in cases if "case" in one and not (examples / f"{one['case']}.yaml").exists()]
    if missing:
        raise MissingError(
            f"The demonstration is made from the published cases in examples/; '{examples}' holds no "
            f"{missing[0]}.yaml. Start it in a checkout of Myotome, or name the folder with --examples."
        )
    making = Making(clinic, examples, password)
    sign_in, name = OWNER
    clinic.accounts.found(NAME, PLACE, ZONE, name, sign_in, password, demonstration=True)
    for sign_in, name, roles, licence in STAFF:
        _, secret = clinic.accounts.invite(making.actor("ana"), name, sign_in, roles, licence)
        clinic.access.sign_out(clinic.accounts.accept(secret, password))
    for one in cases:
        _register(making, one)
    for one in cases:
        _visit(making, one)


def _people() -> list[dict[str, Any]]:
    text = (files("myotome.clinic.demonstration") / "people.toml").read_text("utf-8")
    return list(tomllib.loads(text)["person"])


def _listed(one: dict[str, Any]) -> str:
    return f"{one['family']}, {one['given']}"


def _register(making: Making, one: dict[str, Any]) -> None:
    clinic, desk = making.clinic, making.actor("rex")
    number = len(making.people) + 1
    card = Identifier(system="health card", value=f"DEMO {number:03}")
    entry = PersonRegistered(
        family=one["family"],
        given=one["given"],
        birth_date=_born(making, one, number),
        sex=one["sex"],
        identifiers=(card,),
        phone=f"+1 604 555 01{number:02}",
    )
    person = clinic.people.register(desk, entry)
    making.people[_listed(one)] = person
    _open(making, "rex", person)
    for relation in ("guardian", "interpreter"):
        if relation in one:
            relative = PersonRelated(relation=relation, relative=f"relative-{number}", name=one[relation])
            clinic.people.relate(desk, person, relative)
    if "merge_into" in one:
        clinic.people.merge(
            making.actor("lea"), person, making.people[one["merge_into"]], "Registered twice, misspelt."
        )


def _born(making: Making, one: dict[str, Any], number: int) -> datetime.date:
    """A birth date that fits the age of the published case."""
    same = next((other for other in _people() if _listed(other) == one.get("like")), one)
    age = one.get("age") or (_case(making, same).get("person") or {}).get("age") or FIRST_AGE
    today = making.clinic.practice.today()
    place = number if same is one else _people().index(same) + 1
    return datetime.date(today.year - int(age), 1 + place % today.month, 1 + 2 * place % 28)


def _case(making: Making, one: dict[str, Any]) -> dict[str, Any]:
    if "case" not in one:
        return {}
    document: dict[str, Any] = yaml12.read((making.examples / f"{one['case']}.yaml").read_bytes())
    return {key: value for key, value in document.items() if key not in ("source", "expected")}


def _open(making: Making, name: str, person: str) -> None:
    making.clinic.people.open(making.actor(name), person, ("name", "birth date"))


def _visit(making: Making, one: dict[str, Any]) -> None:
    if one["stage"] == "registered":
        return
    clinic, name = making.clinic, one["by"]
    person = making.people[one.get("moved_from") or _listed(one)]
    _open(making, name, person)
    actor = making.actor(name)
    if "behalf" in one:
        actor = replace(actor, on_behalf=making.actor(one["behalf"]).staff)
    if one.get("consent"):
        _consent(making, one, actor, person)
    if one["stage"] == "in treatment":
        _treat(making, one, person)
        return
    day = clinic.practice.today() - datetime.timedelta(days=one["days"])
    visit = clinic.visits.open(actor, person, VisitOpened(day=day, reason="first visit"))
    if "hypothesis" in one:
        clinic.visits.suppose(actor, visit, HypothesisRecorded(text=one["hypothesis"]))
    if "case" in one:
        clinic.visits.examine(actor, visit, _dated(_case(making, one), day))
    _finish(making, one, visit)


def _treat(making: Making, one: dict[str, Any], person: str) -> None:
    """Sessions a week apart, each charted at the bedside and signed; the next is opened today and still empty."""
    clinic, actor, before = making.clinic, making.actor(one["by"]), ""
    today, now = clinic.practice.today(), clinic.practice.clock().astimezone(ZoneInfo(actor.zone))
    for number, session in enumerate(COURSE):
        days = WEEK * (len(COURSE) - number)
        visit = clinic.visits.open(actor, person, VisitOpened(day=today - datetime.timedelta(days=days)))
        charting = Charting(clinic, actor, visit, now - datetime.timedelta(days=days, hours=1))
        chart_session(charting, _case(making, one), session, before)
        clinic.visits.sign(actor, visit, _proof(making, one["by"]))
        before = visit
    clinic.visits.open(actor, person, VisitOpened(day=today, reason="session 4"))


def _dated(case: dict[str, Any], day: datetime.date) -> dict[str, Any]:
    """The case on the day of the visit, where it says a day at all."""
    visit = case.get("visit")
    return {**case, "visit": {**visit, "date": day}} if isinstance(visit, dict) and "date" in visit else case


def _consent(making: Making, one: dict[str, Any], actor: Actor, person: str) -> None:
    consents = making.clinic.consents
    signature = f"{one['given']} {one['family']}"
    given = consents.give(actor, person, "intramuscular stimulation", "self", signature, copy_given=True)
    if one.get("withdrawn"):
        consents.withdraw(actor, person, given, "Afraid of needles; another way is tried first.")


def _finish(making: Making, one: dict[str, Any], visit: str) -> None:
    clinic, stage, actor = making.clinic, one["stage"], making.actor(one["by"])
    if stage in ("signed", "waiting", "cosigned", "amended", "moved"):
        clinic.visits.sign(actor, visit, _proof(making, one["by"]))
    if stage == "cosigned":
        _open(making, "lea", making.people[_listed(one)])
        clinic.visits.cosign(making.actor("lea"), visit, _proof(making, "lea"))
    if stage == "amended":
        clinic.visits.amend(actor, visit, "The left calf was meant where the note says right.", "Slip of the pen.")
    if stage == "moved":
        to = making.people[_listed(one)]
        _open(making, one["by"], to)
        clinic.visits.move(actor, visit, to, "Charted on the person with the same family name.")
    if stage == "struck":
        _open(making, "pia", making.people[_listed(one)])
        clinic.visits.strike(making.actor("pia"), visit, "Charted before the person decided against needling.")


def _proof(making: Making, name: str) -> Any:
    return making.clinic.access.prove(making.actor(name), making.password, "demonstration")
