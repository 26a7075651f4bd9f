"""Who is to be asked how they are, the form for asking, and harm that is told after a visit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.care.session.adverse import actions, onsets, outcomes, severities, terms
from myotome.care.session.checkin import NO_ANSWER, checkins, questions, rules_of_asking
from myotome.care.session.followed import DONE, IS_DUE, OVERDUE, TO_COME
from myotome.care.session.values import Value
from myotome.clinic.entries.afterwards import AdverseRecorded, CheckinMade
from myotome.clinic.practice import NotOpenedError
from myotome.errors import EntryError, MissingError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import OURS, Form, FormError
from myotome.web.clinic.leaf import Name, Wanted, page
from myotome.web.clinic.routes.exporting import handed
from myotome.web.clinic.routes.visit_page import look_at
from myotome.web.clinic.told import needles

HOW = (
    ("phone", "By phone"),
    ("in person", "Here, in person"),
    ("message", "By message"),
    (NO_ANSWER, "Nobody answered"),
)
ANSWERS = (("no", "No"), ("yes", "Yes"), ("not asked", "Not asked"))
SIDES = (("left", "left"), ("right", "right"), ("both", "both, or the midline"))
ORDER = (OVERDUE, IS_DUE, TO_COME, DONE)
TYPED = ("how", "text", *OURS)
FIELDS = ("term", "severity", "onset", "actions", "point", "side", "text", "outcome")


def router(desk: Desk) -> APIRouter:
    """``/checkins``, a check-in and harm told later under its visit, and the report of a harm."""
    routes = APIRouter()
    _asking(routes, desk)
    _harm(routes, desk)

    @routes.get("/checkins")
    def listed(request: Request) -> Response:
        found = desk.clinic.adverse.checkins(desk.actor(request))
        groups = [(stands, [one for one in found if one.stands == stands]) for stands in ORDER]
        alarms = [one for one in found if one.alarm]
        told: dict[str, Any] = {"groups": [group for group in groups if group[1]], "alarms": alarms, "step_of": step_of}
        told["late_in"] = needles.late(desk.clinic.late_needles.all(desk.actor(request)))
        return page(desk, request, "checkins/list.html", **told)

    return routes


def _asking(routes: APIRouter, desk: Desk) -> None:
    adverse = desk.clinic.adverse

    def asked(request: Request, visit: str, step: int, form: Form) -> Response:
        try:
            one = adverse.one(desk.actor(request), visit, _due(step))
        except NotOpenedError:
            with desk.clinic.practice.within() as shelf:
                person = shelf.visit(visit).person
            return desk.go(f"/people/{person}/open")
        told = {"one": one, "step": step, "how": HOW, "answers": ANSWERS, "rules": rules_of_asking()}
        identifiers = desk.clinic.people.identifiers(one.person)
        emergencies = dict.fromkeys(one.says for one in questions().values() if one.emergency)
        told |= {
            "questions": _fields(),
            "emergencies": list(emergencies),
            "person": one.person,
            "identifiers": identifiers,
        }
        return page(desk, request, "checkins/ask.html", form=form, **told)

    @routes.get("/visits/{visit}/checkins/{step}")
    def ask(request: Request, visit: Name, step: int) -> Response:
        return asked(request, visit, step, Form())

    @routes.post("/visits/{visit}/checkins/{step}")
    def answered(request: Request, visit: Name, step: int) -> Response:
        form = desk.form(request)
        with desk.clinic.practice.looking(desk.actor(request), "record check-in"):
            pass  # who may not is refused before the form is read, and it stands in the trail
        try:
            entry = _made(form, step)
            adverse.made(desk.actor(request), visit, entry)
        except NotOpenedError:
            raise
        except EntryError as error:
            return asked(request, visit, step, form.refused(error))
        return desk.go("/checkins", done="asked-how" if entry.how != NO_ANSWER else "not-reached")


def _harm(routes: APIRouter, desk: Desk) -> None:
    def asked(request: Request, visit: str, form: Form, older: str = "") -> Response:
        found = look_at(desk, request, visit, "form of harm told later")
        value = _value(desk, visit, older) if older else None
        if value and not form.typed:
            form = Form.of({name: said for name, said in value.body.items() if name in FIELDS})
        told = {"visit": found.visit, "person": found.person, "older": older}
        told["choices"] = {**_choices(), "point": _points(desk, visit, form.get("point"))}
        identifiers = desk.clinic.people.identifiers(found.person)
        return page(desk, request, "checkins/harm.html", form=form, identifiers=identifiers, **told)

    @routes.get("/visits/{visit}/adverse")
    def telling(request: Request, visit: Name, entry: Wanted = "") -> Response:
        return asked(request, visit, Form(), entry)

    @routes.post("/visits/{visit}/adverse")
    def tell(request: Request, visit: Name) -> Response:
        form = desk.form(request)
        older = form.get("older")
        try:
            entry = form.entry(AdverseRecorded, ("older",), on_behalf="", replaces=_replaced(desk, visit, older))
            desk.clinic.adverse.record(desk.actor(request), visit, entry)
        except NotOpenedError:
            raise
        except EntryError as error:
            return asked(request, visit, form.refused(error))
        return desk.go(f"/visits/{visit}", done="harm")

    @routes.get("/visits/{visit}/adverse/{entry}/report.pdf")
    def report(request: Request, visit: Name, entry: Name, named: bool = False) -> Response:
        return handed(desk.clinic.exports.harm_pdf(desk.actor(request), visit, entry, named=named))


def _due(step: int) -> str:
    """The name of a check-in by its place; in an address it is a number.

    Raises:
        MissingError: there is none.
    """
    names = list(checkins())
    if not 0 <= step < len(names):
        raise MissingError("There is no such check-in.")
    return names[step]


def step_of(name: str) -> int:
    """The place of a check-in, for an address."""
    return list(checkins()).index(name)


def _fields() -> list[tuple[str, Any]]:
    return [(f"q{number}", one) for number, one in enumerate(questions().values())]


def _made(form: Form, step: int) -> CheckinMade:
    """The check-in as typed.

    Raises:
        FormError: it does not say how, asks nothing, or holds what the page does not ask for.
    """
    fields = {name: one.code for name, one in _fields()}
    if strange := sorted(set(form.typed) - {*fields, *TYPED}):
        raise FormError({"": f"This page does not ask for '{strange[0][:40]}'. Load it again and fill it in."})
    answers = {code: form.get(name) for name, code in fields.items() if form.get(name)}
    problems = {name: "Choose yes, no or not asked." for name in fields if form.get(name) not in ("", *_of(ANSWERS))}
    how = form.get("how")
    if how not in _of(HOW):
        problems["how"] = "Say how they were asked, or that nobody answered."
    elif how == NO_ANSWER:
        answers = {}
    else:
        problems |= {name: "Answer it, or choose not asked." for name in fields if not form.get(name)}
    if problems:
        raise FormError(problems)
    told = Form({"how": [how], "text": [form.get("text")]})
    return told.entry(CheckinMade, due=_due(step), answers=answers, on_behalf="")


def _of(pairs: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(value for value, _ in pairs)


def _value(desk: Desk, visit: str, entry: str) -> Value:
    for value in desk.clinic.adverse.told(visit):
        if entry in {head.id for head in value.heads}:
            return value
    raise MissingError("There is no such harm in this visit.")


def _replaced(desk: Desk, visit: str, entry: str) -> tuple[str, ...]:
    if not entry:
        return ()
    try:
        return tuple(head.id for head in _value(desk, visit, entry).heads)
    except MissingError:
        raise FormError({"": "Somebody has written of this harm since. Read the visit again, then write."}) from None


def _points(desk: Desk, visit: str, said: str) -> list[tuple[str, str]]:
    """The points that were needled, with one that was written before; none where no needle was charted."""
    names = desk.clinic.adverse.needled(visit)
    return [(name, name) for name in dict.fromkeys((*names, said)) if name] if names else []


def _choices() -> Mapping[str, list[tuple[str, str]]]:
    return {
        "term": [(one.code, f"{one.code} ({one.group})") for one in terms().values()],
        "severity": [(one.code, f"{one.code.capitalize()}. {one.words}") for one in severities().values()],
        "onset": [(one.code, one.words) for one in onsets().values()],
        "actions": [(one.code, one.words) for one in actions().values()],
        "outcome": [(one.code, one.words) for one in outcomes().values()],
        "side": list(SIDES),
    }
