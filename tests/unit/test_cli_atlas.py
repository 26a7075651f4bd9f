"""``myotome atlas`` on the command line, and what it refuses."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from myotome.app import main
from myotome.web.atlas import atlas_app

CASE = """
findings:
  - {sign: strength, at: tibialis anterior, side: left, grade: 3}
  - {sign: tenderness, at: paraspinal L5, side: left, result: present}
"""


@pytest.fixture
def case(tmp_path):
    file = tmp_path / "case.yaml"
    file.write_text(CASE, "utf-8")
    return str(file)


def test_a_plate_is_written_with_the_marks_of_a_case(case, tmp_path, capsys):
    out = tmp_path / "plate.svg"
    assert main(["atlas", case, "--svg", "front", "--theme", "dark", "-o", str(out)]) == 0
    svg = out.read_text("utf-8")
    assert "strength tibialis anterior, left: weak (grade 3)" in svg
    assert ">3</text>" in svg
    assert "plate 'front'" in capsys.readouterr().err


def test_the_levels_of_a_case_are_marked_on_the_spine(case, capsys):
    assert main(["atlas", case, "--svg", "spine", "--layer", "bones"]) == 0
    assert "tenderness paraspinal L5, left: present" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--svg", "torso"], "There is no plate 'torso'. Choose one of front, back"),
        (["--svg", "front", "--layer", "skin"], "The plate 'front' has no layer 'skin'. Choose one of surface"),
        (["--svg", "front", "--overlay", "segment:C9"], "There is no segment 'C9'"),
        (["--svg", "front", "--overlay", "nerve:sural"], "There is no nerve 'sural'. Did you mean"),
        (["--svg", "front", "--overlay", "veins"], "There is no overlay 'veins'. Choose one of dermatomes"),
        (["--svg", "front", "--theme", "sepia"], "There is no theme 'sepia'"),
        (["--svg", "front", "-o", "/nowhere/x.svg"], "No such file or directory"),
        (["missing.yaml"], "the file could not be read"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_status_2(arguments, said, capsys):
    assert main(["atlas", *arguments]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.enable_socket
def test_a_port_in_use_is_said(capsys):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["atlas", "--no-browser", "--port", str(taken.getsockname()[1])]) == 2
    assert "Give another with --port" in capsys.readouterr().err


@pytest.mark.enable_socket
def test_the_server_answers_errors_as_sentences_and_opens_no_folder(tmp_path):
    client = TestClient(atlas_app())
    for address in ("/plates/torso", "/plates/front?layer=skin", "/about?kind=muscle&name=bicep", "/legend?over=veins"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert answer.json()["message"].endswith(".") or "Choose" in answer.json()["message"]
    (tmp_path / "plate.toml").write_text("id = 'x'", "utf-8")
    assert client.get(f"/plates/{str(tmp_path).replace('/', '%2F')}").status_code == 404
    assert "default-src 'self'" in client.get("/").headers["Content-Security-Policy"]


@pytest.mark.enable_socket
def test_every_answer_of_the_search_can_be_told():
    client = TestClient(atlas_app())
    for entry in client.get("/index").json():
        known = client.get("/about", params={"kind": entry["kind"], "name": entry["name"]})
        assert known.status_code == 200, entry
        assert known.json()["sources"], entry
        assert entry["where"] or entry["kind"] == "nerve", entry
