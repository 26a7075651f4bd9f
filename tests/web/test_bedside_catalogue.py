"""The catalogue over the wire: open to whoever asks, small, and not sent again while the data stay."""

import pytest

from myotome.web.bedside.catalogue import sent
from tests.web.rooms import pages

pytestmark = pytest.mark.enable_socket
WHERE = "/bedside/catalogue.json"


def test_it_is_sent_packed_to_anybody_and_once_for_an_edition(tmp_path):
    with pages(tmp_path) as rooms:
        nobody = rooms.client()
        first = nobody.get(WHERE)
        assert first.status_code == 200 and first.headers["content-encoding"] in ("gzip", "br")  # br once it is made
        assert first.content == sent().plain
        assert first.headers["cache-control"] == "no-cache"
        tag = first.headers["etag"]
        again = nobody.get(WHERE, headers={"If-None-Match": f'"older", W/{tag}'})
        assert (again.status_code, again.content) == (304, b"")
        plain = nobody.get(WHERE, headers={"Accept-Encoding": "identity", "If-None-Match": '"older"'})
        assert (plain.status_code, plain.headers.get("content-encoding")) == (200, None)
        assert plain.json()["edition"] == first.json()["edition"]
        assert "set-cookie" not in first.headers
