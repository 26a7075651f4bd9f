"""What the code of the server never does, whatever is sent: found by reading all of it."""

import ast
import re
import ssl
from pathlib import Path

import pytest

from myotome.web.network.standing import Wish
from tests.web.test_serving import EVERYWHERE, served

SOURCE = Path(__file__).resolve().parents[3] / "src/myotome"
FOLDERS = ("clinic", "records", "web")
FILES = sorted(file for folder in FOLDERS for file in (SOURCE / folder).rglob("*.py"))
# They run code, start programs, fetch addresses, or make objects or templates of what they are given.
NEVER = {"eval", "exec", "compile", "__import__", "system", "popen", "Popen", "urlopen", "from_string", "Template"}
NOWHERE = {
    "subprocess",
    "pickle",
    "marshal",
    "shelve",
    "ctypes",
    "requests",
    "httpx",
    "ftplib",
    "smtplib",
    "http.client",
}


def calls(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            yield (
                getattr(called, "attr", getattr(called, "id", "")),
                getattr(getattr(called, "value", None), "id", ""),
                node,
            )


def test_the_server_runs_no_code_starts_no_program_and_fetches_no_address():
    assert len(FILES) > 80
    found = []
    for file in FILES:
        tree = ast.parse(file.read_text("utf-8"))
        for name, owner, node in calls(tree):
            if name in NEVER and owner != "re":
                found.append((file.name, node.lineno, name))
        for node in ast.walk(tree):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [
                (file.name, node.lineno, name) for name in names if name in NOWHERE or name.startswith("urllib.request")
            ]
    assert not found


def test_no_query_and_no_pattern_is_put_together_from_input():
    """Query text is made of the program's own constants, in the record's own folder; a name in a pattern is escaped."""
    made, patterns = set(), []
    for file in FILES:
        for name, _, node in calls(ast.parse(file.read_text("utf-8"))):
            first = node.args[0] if node.args else None
            if not isinstance(first, ast.JoinedStr | ast.BinOp):
                continue
            if name in ("text", "exec_driver_sql", "execute"):
                assert "records" in file.parts, file
                assert isinstance(first, ast.JoinedStr), file
                made |= {ast.unparse(one.value) for one in first.values if isinstance(one, ast.FormattedValue)}
            elif name in ("compile", "fullmatch", "search", "match", "sub") and "escape" not in ast.unparse(node):
                patterns.append((file.name, ast.unparse(first)))
    tables = {"table", "order", "', '.join(COLUMNS[table])"}
    ours = {
        "pragma",
        "PAGES",
        "how",
        "act",
        "act.lower()",
        "each",
        "WORDS",
        "allowed",
    }  # words of a list, whole numbers
    assert made <= tables | ours, made - tables - ours
    assert not patterns


def test_lines_of_the_log_have_constant_words_and_no_words_of_an_error():
    seen = 0
    for file in FILES:
        for name, owner, node in calls(ast.parse(file.read_text("utf-8"))):
            if owner in ("LOG", "logging", "logger") and name in (
                "debug",
                "info",
                "warning",
                "error",
                "exception",
                "critical",
            ):
                seen += 1
                assert isinstance(node.args[0], ast.Constant), (file.name, node.lineno)
                assert name != "exception", "it would write the words of the error"
                assert not any(word.arg == "exc_info" for word in node.keywords)
    assert seen >= 1


def test_scripts_of_the_record_pages_put_text_on_the_page_as_text_and_store_nothing():
    """The atlas and the mechanism build their own pages from the program's tables; no word of a person reaches them."""
    files = sorted((SOURCE / "web/clinic/static").glob("*.js"))
    assert len(files) >= 2
    for file in files:
        words = "innerHTML|outerHTML|insertAdjacentHTML|document.write|eval\\(|new Function|Storage|__proto__"
        assert not re.search(words, file.read_text("utf-8")), file.name


def test_fields_for_passwords_are_masked_and_known_to_password_managers():
    """Nothing forbids pasting."""
    texts = [file.read_text("utf-8") for file in (SOURCE / "web/clinic/templates").rglob("*.html")]
    assert sum('type="password"' in text for text in texts) >= 1
    assert not [text for text in texts if re.search("onpaste|type=.text. name=.password", text)]
    told = "".join(texts)
    assert "current-password" in told
    assert "new-password" in told


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    "path",
    ["/docs", "/redoc", "/openapi.json", "/.git/config", "/.env", "/static/", "/static", "/metrics", "/debug", "/admin",
     "/server-status", "/static/../app.py", "/atlas/docs", "/mechanism/openapi.json", "/atlas/static/"],
)  # fmt: skip
def test_no_page_of_the_framework_the_source_or_a_folder_is_served(world, path):
    for client in (world.rooms.client(), world.client("ana")):
        answer = client.get(path)
        assert answer.status_code in (303, 307, 404, 405), path
        if answer.status_code == 307:
            assert client.get(answer.headers["location"]).status_code in (303, 404)
    assert not world.rooms.app.debug


@pytest.mark.enable_socket
def test_only_ciphers_with_forward_secrecy_and_authentication_are_offered(tmp_path):
    with served(Wish(host=EVERYWHERE), tmp_path) as serving:
        context = serving._context
        names = [one["name"] for one in context.get_ciphers()]
        assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert len(names) >= 5
    for name in names:
        assert name.startswith("TLS_") or re.fullmatch(
            r"ECDHE-(ECDSA|RSA)-(AES\d+-GCM-SHA\d+|CHACHA20-POLY1305)", name
        ), name
