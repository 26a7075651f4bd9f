"""The clinic that is attacked, made once a process; tests that change it make their own."""

import pytest

from tests.web.attacks.ground import world_in


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """A clinic with one person's record, opened by pia."""
    with world_in(tmp_path_factory.mktemp("attacked")) as made:
        yield made
