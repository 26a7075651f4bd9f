"""What a served clinic writes and tells when it is talked to badly: nothing of anybody, no hidden request done."""

import contextlib
import logging
import socket
import threading
import time
from functools import partial

import pytest

from myotome.web.clinic.app import clinic_app
from myotome.web.network.serving import Serving
from myotome.web.network.standing import Wish
from tests.clinics import STAFF, password_of
from tests.web.attacks.acts import ACTS
from tests.web.attacks.ground import CHARTED, COOKIE, KNOWN, may, world_in
from tests.web.handshakes import NOW, Here
from tests.web.rooms import pages

pytestmark = pytest.mark.enable_socket
OTHERS = ("httpx", "httpcore", "sqlalchemy")  # the browser of these tests; and what is off in a server


class Kept(logging.Handler):
    """Every line of every log, as it would be written."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        if not record.name.startswith(OTHERS):
            self.lines.append(self.format(record) + repr(record.args))


def test_a_day_of_a_clinic_leaves_nothing_of_anybody_in_any_log(tmp_path, capfd):
    """Every page is asked for by three who may different things, forms are refused, and something breaks."""
    kept, root, answers = Kept(), logging.getLogger(), []
    before = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
    try:
        with world_in(tmp_path) as world:
            for who in ("ana", "pia", "aud"):
                client = world.client(who)
                for method, path in ACTS:
                    if path != "/sign-out" and (method == "GET" or may(who, ACTS[method, path])):
                        form = {"reason": KNOWN["family"], "q": KNOWN["email"], "name": "Gus", "proof": "wrong one"}
                        sent = world.send(
                            client, method, path, {"entries": [CHARTED]} if "/api/" in path else form, what="x"
                        )
                        answers.append(sent)
            broken = world.rooms.clinic.practice.ledger.database
            with broken.engine.begin() as connection:
                connection.exec_driver_sql("ALTER TABLE projection RENAME TO away")
            answers.append(world.client("pia").get(world.path("/people/{person}")))
            assert answers[-1].status_code == 503
            logging.getLogger("myotome.web").error("the end")
    finally:
        root.removeHandler(kept)
        root.setLevel(before)
        logging.getLogger("sqlalchemy").setLevel(logging.NOTSET)
    out = "".join(capfd.readouterr()) + "\n".join(kept.lines)
    assert "the end" in out, "the log was listened to"
    secret = [*KNOWN.values(), *CHARTED.values(), "XK-99", "wrong one", *(name for name, _ in STAFF.values())]
    secret += [password_of(who) for who in STAFF] + list(world.rooms.made.tokens.values())
    assert not [word for word in secret if word in out]
    for answer in answers:
        told = str(answer.headers) + str(answer.url)
        assert not [word for word in (*KNOWN.values(), *CHARTED.values()) if word in told]
        title = answer.text.partition("<title>")[2].partition("</title>")[0] if "html" in told else ""
        assert not [word for word in (*KNOWN.values(), *CHARTED.values()) if word in title]
        public = answer.status_code == 200 and answer.url.path.startswith("/bedside/")
        assert answer.headers["cache-control"] == ("no-cache" if public else "no-store"), told
        assert answer.headers["x-content-type-options"] == "nosniff"
        if answer.content:
            kind, _, charset = answer.headers["content-type"].partition("; ")
            kinds = ("application/json", "application/pdf", "text/plain", "text/html", "text/css")
            assert kind in kinds or (public and kind == "text/javascript"), told
            assert (charset == "charset=utf-8") is kind.startswith("text/")


@contextlib.contextmanager
def served(rooms):
    """The clinic behind the server that people use."""
    serving = Serving(Wish(), rooms.clinic.keeper.heads.parent / "net", lambda: NOW, Here())
    where = serving.standing
    told = {"allowed_hosts": where.hosts, "origin": where.origin, "rp_id": where.rp_id}
    app = clinic_app(rooms.clinic, https=False, **told)
    thread = threading.Thread(target=lambda: serving.run(lambda _: app))
    thread.start()
    try:
        while not serving.ready and thread.is_alive():
            time.sleep(0.01)
        yield serving.port
    finally:
        serving.stop()
        thread.join(10)


def said_to(port, raw, wait=0.4):
    """What the server answers to bytes."""
    with socket.create_connection(("127.0.0.1", port), 5) as talking:
        talking.settimeout(wait)  # a server that waits for more answers nothing more
        got = bytearray()
        with contextlib.suppress(ConnectionError, TimeoutError):
            talking.sendall(raw)
            for piece in iter(partial(talking.recv, 65536), b""):
                got += piece
        return bytes(got)


def test_a_served_clinic_takes_no_hidden_second_request_and_writes_nothing_of_anybody(tmp_path, capfd):
    """Contradictory lengths, headers over two lines, requests that are none; and what the console shows afterwards."""
    with pages(tmp_path) as rooms, served(rooms) as port:
        host = f"Host: localhost:{port}\r\nCookie: {COOKIE}={rooms.made.token('ana')}\r\n".encode()
        inner = b"GET /staff HTTP/1.1\r\n" + host + b"\r\n"
        form = b"Content-Type: application/x-www-form-urlencoded\r\n"
        whole = b"POST /sign-in HTTP/1.1\r\n" + host + form
        for raw in (
            whole + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner,
            whole + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\nabcde" + inner,
            whole + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + inner,
            whole + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + inner,
            whole + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + inner,
            whole + b"Content-Length: +5\r\n\r\nabcde" + inner,
            whole + b"Content-Length: 0x5\r\n\r\nabcde" + inner,
            b"GET /staff\r\n\r\n",
            b"GET http://evil.example/staff HTTP/1.1\r\n" + host + b"Host: evil.example\r\n\r\n",
            b"GET /staff HTTP/1.1\r\nCookie: x\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01",
            b"QUARRINGTON Ottoline\r\n\r\n",
            b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n" + host + b"\r\n",
            b"GET / HTTP/1.1\r\n" + host + b"X: " + b"y" * 100_000 + b"\r\n\r\n",
            b"GET /people?q=Quarrington\xff HTTP/1.1\r\n" + host + b"\r\n",
            b"GET /people HTTP/1.1\r\n" + host + b"X-Evil: a\r\n b\r\n\r\n",
        ):
            answer = said_to(port, raw)
            assert b"Rex Reception" not in answer, raw[:200]
            assert b"Traceback" not in answer
            assert b"server:" not in answer.lower().partition(b"\r\n\r\n")[0]
        whole = said_to(port, inner.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), 20)
        assert b"Rex Reception" in whole, "the cookie is good, so the refusals above were because of the requests"
        sign_in = f"name=pia&password={password_of('pia').replace(' ', '+')}".encode()
        told = b"Content-Length: %d\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\r\n" % len(sign_in)
        answer = said_to(
            port, b"POST /sign-in HTTP/1.1\r\n" + f"Host: localhost:{port}\r\n".encode() + form + told + sign_in, 20
        )
        assert answer.startswith(b"HTTP/1.1 303")
    out = "".join(capfd.readouterr())
    assert not [word for word in ("Quarrington", "QUARRINGTON", "pia", "quiet", "Traceback", COOKIE) if word in out], (
        out
    )
