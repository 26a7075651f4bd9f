"""Requests made up by schemathesis from the application's own description, signed in as each role.

A few of each in CI; ``MYOTOME_SCHEMATHESIS=many`` sends many more.
"""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.clinics import STAFF
from tests.web.attacks.acts import routes_of
from tests.web.attacks.ground import ID, OURS, world_in

pytestmark = pytest.mark.enable_socket
MANY = 40 if os.environ.get("MYOTOME_SCHEMATHESIS") == "many" else 1
CHECKED = [not_a_server_error, content_type_conformance, response_schema_conformance]
NO_DESCRIPTION = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A clinic of its own: what is made up may be right."""
    with world_in(tmp_path_factory.mktemp("asked")) as world:
        world.ids["what"] = "reset"  # nobody leaves: every role is needed to the end
        yield world


def described(world):
    """The description of the whole application, with a form for each page that takes one."""
    told = world.rooms.app.openapi()
    for method, path in routes_of(world.rooms.app):
        found = told["paths"].get(path, {}).get(method.lower())
        if found is not None and method == "POST" and "requestBody" not in found:
            fields = {name: {"type": "string"} for name in (*world.form(path, "ana"), "csrf", "to", "proof", "passkey")}
            form = {"type": "object", "properties": fields, "additionalProperties": {"type": "string"}}
            found["requestBody"] = {"content": {NO_DESCRIPTION: {"schema": form}}}
    return schemathesis.openapi.from_dict(told)


def once(world, who, operation):
    """Send what is made up for one operation; ids are right every other time."""
    client, turn = world.client(who), [0]
    strategy = operation.as_strategy()

    @settings(
        max_examples=MANY,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def sent(case):
        turn[0] += 1
        if turn[0] % 2 and case.path_parameters:
            case.path_parameters = {name: world.ids.get(name, ID) for name in case.path_parameters}
        headers = dict(OURS)
        if operation.path.startswith("/api/"):
            headers["X-CSRF"] = client.csrf
        elif operation.method.upper() == "POST" and isinstance(case.body, dict):
            case.body = case.body | {"csrf": client.csrf}
        case.headers.update(headers)
        cookies = {one.name: one.value for one in client.cookies.jar}
        answer = case.call(app=world.rooms.app, base_url="http://localhost", cookies=cookies, allow_redirects=False)
        checks = CHECKED if operation.path.startswith("/api/") else CHECKED[:1]
        case.validate_response(answer, checks=checks)

    sent()


def test_nothing_that_may_be_asked_breaks_the_server(asked):
    """Every operation, the roles in turn; in the long run each role on each."""
    schema, roles, count = described(asked), list(STAFF), 0
    for number, found in enumerate(schema.get_all_operations()):
        operation = found.ok()
        if operation.path in ("/sign-out", "/sign-in", "/account/password") and operation.method.upper() == "POST":
            continue  # they end the session that all of this needs; tried one by one elsewhere
        for who in roles if MANY > 1 else (roles[number % len(roles)],):
            asked.rooms.made.clock.forward(seconds=20)
            once(asked, who, operation)
            count += 1
    assert count >= 75
    assert {asked.client(who).get("/account").status_code for who in roles} == {200}, "they were signed in all the time"


def test_its_checks_see_a_server_error_and_a_wrong_shape(asked):
    """The oracle itself: a page that breaks, and JSON that is not what was described."""
    from fastapi import FastAPI
    from pydantic import BaseModel
    from starlette.responses import JSONResponse, Response

    class Told(BaseModel):
        number: int

    app = FastAPI()

    @app.get("/broken")
    def broken() -> Told:
        return Response(status_code=500)

    @app.get("/shape")
    def shape() -> Told:
        return JSONResponse({"number": "none"})

    schema = schemathesis.openapi.from_dict(app.openapi())
    for found, check in zip(schema.get_all_operations(), (CHECKED[0], CHECKED[2]), strict=True):
        case = found.ok().Case()
        with pytest.raises(FailureGroup):
            case.validate_response(case.call(app=app, base_url="http://localhost"), checks=[check])
