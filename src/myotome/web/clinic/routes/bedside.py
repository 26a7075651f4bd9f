"""What the page at the bedside asks of the clinic: who is signed in, the visit, what is thought of it, a signature."""

from __future__ import annotations

import math
import time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from myotome.clinic.gone import MovedError
from myotome.clinic.on_behalf import behalf
from myotome.clinic.practice import NotOpenedError
from myotome.errors import AccessError, CaseError, EntryError
from myotome.web.clinic.ceiling import Ceiling
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.leaf import Name
from myotome.web.clinic.routes import api_shapes as shapes
from myotome.web.clinic.routes.api import ANSWERS, draft_of, refused, sent, taken

NOT_READ = "This cannot be read as a case yet."
# A tap asks twice at most, quickly and wholly, and a page one at a time. A visit has some 300 taps, so all of it may
# come at once; five taps a second, on and on, are more than a hand makes.
AT_ONCE, EACH_SECOND = 600, 10
TOO_OFTEN = "This session asks for more than a hand can tap. It is answered again in {seconds} s."
NO_PROOF = "Type your password, or use a passkey."
BUSY: dict[int | str, dict[str, Any]] = {429: {"model": shapes.Refusal, "description": "Asked too often"}}
Body = Annotated[bytes, Depends(sent)]
Keys = Literal["", "all"]
Position = Annotated[int, Query(ge=0, le=2**62)]


def router(desk: Desk) -> APIRouter:
    """``/api/bedside/me`` and what is under ``/api/visits/{visit}``."""
    routes = APIRouter(prefix="/api")
    _reading(routes, desk)
    _thinking(routes, desk)
    _signing(routes, desk)
    return routes


def _reading(routes: APIRouter, desk: Desk) -> None:
    bedside = desk.clinic.bedside

    @routes.get("/bedside/me", responses=ANSWERS)
    def me(request: Request, keys: Keys = "") -> dict[str, Any]:
        actor = desk.actor(request)
        told = {"staff": actor.staff, "name": actor.name, "roles": sorted(actor.roles), "device": actor.device}
        if keys:
            return {"keys": bedside.secrets(actor)}
        told |= behalf(actor, desk.clinic.practice.staff())
        return {**told, "csrf": _csrf(desk, request), "now": bedside.now(), "outbox_key": bedside.secret(actor)}

    @routes.get("/visits/{visit}/bedside", responses=ANSWERS)
    def pack(request: Request, visit: Name) -> Any:
        actor = desk.actor(request)
        try:
            return {**bedside.pack(actor, visit), "csrf": _csrf(desk, request)}
        except MovedError:
            raise
        except NotOpenedError as error:
            with desk.clinic.practice.within() as shelf:
                way = f"/people/{shelf.visit(visit).person}/open?to={visit}"
            return JSONResponse({"message": str(error), "open": way}, status_code=403)

    @routes.get("/visits/{visit}/bedside/since", responses=ANSWERS)
    def since(request: Request, visit: Name, position: Position = 0) -> dict[str, Any]:
        return bedside.since(desk.actor(request), visit, position)


def _thinking(routes: APIRouter, desk: Desk) -> None:
    bedside, ceiling = desk.clinic.bedside, Ceiling(AT_ONCE, EACH_SECOND)

    @routes.post("/visits/{visit}/think", responses=ANSWERS | BUSY)
    def think(request: Request, visit: Name, body: Body) -> Any:
        if wait := ceiling.take(desk.actor(request).session):
            seconds = math.ceil(wait)
            answer = refused(429, TOO_OFTEN.format(seconds=seconds))
            answer.headers["Retry-After"] = str(seconds)
            return answer
        began = time.perf_counter()
        try:
            asked = taken(shapes.ThinkIn, body)
            say = bedside.glance if asked.want == "quick" else bedside.whole
            said = say(desk.actor(request), visit, [draft_of(one) for one in asked.entries])
        except CaseError as error:
            return refused(422, NOT_READ, error.problems)
        except EntryError as error:
            return refused(422, str(error))
        return {**said, "ms": round(1000 * (time.perf_counter() - began))}


def _signing(routes: APIRouter, desk: Desk) -> None:
    visits = desk.clinic.visits

    @routes.post("/visits/{visit}/sign", responses=ANSWERS)
    def sign(request: Request, visit: Name, body: Body) -> Any:
        return _done(lambda: _signed(body, request, visit), desk, request)

    def _signed(body: bytes, request: Request, visit: str) -> None:
        actor, access = desk.actor(request), desk.clinic.access
        visits.see(actor, "sign", visit)  # who may not is refused, and in the trail, before a proof is tried
        asked = taken(shapes.SignIn, body)
        if asked.passkey:
            proof = access.prove_with_passkey(actor, asked.passkey, *desk.place(request), desk.address(request))
        elif asked.password:
            proof = access.prove(actor, asked.password, desk.address(request))
        else:
            raise EntryError(NO_PROOF)
        desk.renew(request, proof.token)
        visits.sign(actor, visit, proof, asked.shown)

    @routes.post("/visits/{visit}/amend", responses=ANSWERS)
    def amend(request: Request, visit: Name, body: Body) -> Any:
        def amended() -> None:
            actor = desk.actor(request)
            visits.see(actor, "amend", visit)
            asked = taken(shapes.AmendIn, body)
            visits.amend(actor, visit, asked.text, asked.reason)

        return _done(amended, desk, request)


def _done(act: Any, desk: Desk, request: Request) -> Any:
    """Do it, and answer with the token that holds from now on: signing again renews the session."""
    try:
        act()
    except CaseError as error:
        return refused(422, "This cannot be taken.", error.problems)
    except NotOpenedError:
        raise
    except (AccessError, EntryError) as error:
        status = 403 if isinstance(error, AccessError) else 422
        answer = refused(status, str(error))
        answer.headers["X-CSRF"] = _csrf(desk, request)
        return answer
    return {"done": True, "csrf": _csrf(desk, request)}


def _csrf(desk: Desk, request: Request) -> str:
    token = desk.token(request)
    return desk.clinic.access.csrf(token) if token else ""
