"""``myotome serve`` as a real process: first start, a second one beside it, the network, and its end."""

import os
import re
import signal
import socket
import ssl

import httpx2
import pytest

from myotome.app import main
from tests.web.processes import sent, served, surroundings
from tests.web.rooms import said

pytestmark = pytest.mark.enable_socket
PASSWORD = "slow boats under seven bridges"  # noqa: S105
EVERYWHERE = "0.0.0.0"  # noqa: S104
OWNER = {"clinic": "Practice by the Mill", "place": "DE", "zone": "Europe/Berlin", "name": "Ana Owner"}


@pytest.fixture
def around(tmp_path, tmp_path_factory):
    """An environment of its own, with the clinic in ``data``."""
    made = surroundings(tmp_path, tmp_path_factory.getbasetemp() / "cache")
    return {**made, "MYOTOME_DATA": str(tmp_path / "data")}


@pytest.fixture
def myotome(around, capsys, monkeypatch):
    """The command line of another process: this one."""

    def run(*arguments):
        status = main(list(arguments))
        return status, *capsys.readouterr()

    for name in os.environ.keys() - around.keys():
        monkeypatch.delenv(name)
    for name, value in around.items():
        monkeypatch.setenv(name, value)
    return run


def founded_by(process, code, **changed):
    """Make the first owner with a code."""
    told = {**OWNER, "sign_in": "ana", "password": PASSWORD, "again": PASSWORD, "code": code, **changed}
    with process.browser() as browser:
        return sent(browser, "/found", **told)


def test_the_first_day_of_a_clinic(around, myotome, tmp_path):
    """Founded with the terminal's code only; one Myotome at a time; looked at and backed up while it runs."""
    data = tmp_path / "data"
    with served(around) as process:
        process.answers()
        said_first = "\n".join(process.said)
        code = re.search(r"with this code: (\d{6})", said_first)[1]
        (key,) = (tmp_path / "home" / ".config" / "myotome").glob("clinic-*.key")
        assert str(key) in said_first and key.stat().st_mode & 0o777 == 0o600
        assert httpx2.get(f"{process.address}/").headers["location"] in ("/found", "/sign-in")
        wrong = founded_by(process, f"{(int(code) + 1) % 1_000_000:06}")
        assert wrong.status_code == 422 and "not the code" in said(wrong) and PASSWORD not in wrong.text
        assert founded_by(process, code).status_code == 303
        assert founded_by_again(process, code)
        port = process.address.rpartition(":")[2]

        status, out, err = myotome("serve", "--no-browser")
        assert (status, out) == (1, "") and f"already open in another Myotome (process {process.process.pid})" in err
        status, _, err = myotome("serve", "--no-browser", "--data", str(tmp_path / "other"), "--port", port)
        assert status == 1 and err == (
            f"myotome: Port {port} is in use, perhaps by another Myotome. End that one, or give another with --port.\n"
        )
        status, out, err = myotome("backup", str(tmp_path))
        assert (status, err) == (0, "") and len(list(tmp_path.glob("backup-clinic-*.myotome"))) == 1, out
        status, out, err = myotome("verify")
        assert (status, err) == (0, "") and out.startswith("All ")
        assert process.end() == 130
    assert process.said[-1] == "Stopped."
    assert not any(line.startswith("myotome:") for line in process.said), "nothing went wrong beside the serving"
    assert [file.name.split("-")[0] for file in (data / "heads").iterdir()] == ["head"], "exported at the end"
    with served(around) as process:
        process.answers()
        assert not any("code" in line for line in process.said)
        with process.browser() as browser:
            assert sent(browser, "/sign-in", name="ana", password=PASSWORD).status_code == 303
            assert browser.get("/people").status_code == 200
        assert process.end(signal.SIGTERM) in (0, -signal.SIGTERM, 143)


def founded_by_again(process, code):
    """Whether the code is spent."""
    with process.browser() as browser:
        answer = browser.get("/found")
    return answer.status_code == 303 and answer.headers["location"] == "/sign-in"


def test_on_the_network_by_tls(around, tmp_path):
    """Tablets trust the authority, and reach the clinic over TLS by its name only."""
    with served(around, "--host", EVERYWHERE, "--name", "clinic.local") as process:
        assert process.address.startswith("https://clinic.local:")
        context = ssl.create_default_context(cafile=str(tmp_path / "data" / "authority" / "authority.crt"))
        port = int(process.address.rpartition(":")[2])
        answers = {host: asked(context, port, host) for host in ("clinic.local", "evil.example")}
        assert answers["clinic.local"].startswith("HTTP/1.1 200") and answers["evil.example"].startswith("HTTP/1.1 421")
        assert process.end() == 130
    assert any("compare this fingerprint" in line for line in process.said)


def asked(context, port, host):
    """What the server answers over TLS, asked as a host."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=60) as plain,
        context.wrap_socket(plain, server_hostname="clinic.local") as secure,
    ):
        secure.sendall(f"GET /health HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: secure.recv(65536), b"")).decode()


def test_a_folder_that_cannot_be_made(myotome, tmp_path):
    """One sentence, and nothing left."""
    (tmp_path / "data").write_text("a file")
    status, out, err = myotome("serve", "--no-browser")
    assert (status, out) == (1, "")
    assert err.startswith(f"myotome: The folder {tmp_path / 'data'} cannot be made") and err.count("\n") == 1
