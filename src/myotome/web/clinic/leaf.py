"""A page about people and their records: names and days in words, who may do what, what was just done."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import TypeAdapter, ValidationError

from myotome.clinic.entries.entry import Prose
from myotome.clinic.permissions import allowed
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form, FormError, said_of
from myotome.web.clinic.told import moments

Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]  # of a person, a visit or what belongs to them
Wanted = Annotated[str, Query(pattern=r"^([a-z0-9][a-z0-9-]{0,63})?$")]  # the same in a question, or nothing
_PROSE: TypeAdapter[str] = TypeAdapter(Prose)

SECRETS = ("proof", "passkey", "csrf")  # never shown again
NOBODY = "somebody who is not known here"
# What a page says after something was done: the address holds the key only, never words.
SAID = {
    "registered": "Registered. Confirm two identifiers to open the record.",
    "corrected": "Corrected. What was recorded before stays in the trail.",
    "related": "Added.",
    "unrelated": "Taken off the list.",
    "consented": "The consent is recorded.",
    "withdrawn": "The consent is withdrawn: it holds no more.",
    "merged": "Merged: both records are read as one. This can be undone.",
    "unmerged": "They are two people again.",
    "supposed": "Your hypothesis is recorded.",
    "examined": "The examination is recorded, with what the software says of it.",
    "signed": "Signed. From now on the note is amended, never changed.",
    "cosigned": "Co-signed.",
    "harm": "The harm is recorded.",
    "asked-how": "Recorded. Where an answer asked for action, see that it is done.",
    "not-reached": "Recorded that nobody answered. Try again the same day.",
    "amended": "The amendment stands beside the note.",
    "struck": "Struck through as entered in error. It stays readable and counts no more.",
    "moved": "Moved here. The other record says only that an entry was moved away.",
    "reviewed": "Recorded in this clinic's governance.",
    "asked": "Asked. A second person must confirm before anything is destroyed.",
    "kept": "Refused: the record stays.",
    "erased": "Destroyed. The trail keeps that it was done, and by whom.",
}


def page(desk: Desk, request: Request, template: str, **words: Any) -> HTMLResponse:
    """A page with the words that every page about records needs."""
    practice, actor = desk.clinic.practice, desk.actor(request)
    settings, known = practice.settings(), practice.staff()
    today = practice.today()
    told: dict[str, Any] = {
        "may": lambda act: allowed(actor.roles, act),
        "day": moments.day,
        "when": lambda at: moments.moment(at, settings.zone),
        "age": lambda born: moments.age(born, today),
        "called": lambda staff: known[staff].name if staff in known else NOBODY,
    }
    if said := SAID.get(request.query_params.get("done", "")):
        told["done"] = said
    return desk.page(request, template, **(told | words))


def prose(form: Form, name: str, missing: str = "") -> str:
    """What was written in a field: something, and legible.

    Raises:
        FormError: nothing was (in the words of ``missing``), or what cannot be kept.
    """
    text = form.get(name).strip()
    if not text and missing:
        raise FormError({name: missing})
    try:
        return _PROSE.validate_python(text)
    except ValidationError as error:
        raise FormError({name: said_of(error)[""]}) from None
