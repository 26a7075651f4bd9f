"""An application that really listens on this machine, in a thread of this process.

with listening(app) as address:                   # where the application asks for no address
    ...
with place() as here, desks(folder, base=here.address) as rooms, here.serving(rooms.app):
    ...                                           # where it must be told its own
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager

import uvicorn

PATIENCE = 10.0  # seconds until it answers, and until it has ended


class Place:
    """A port that nobody else gets until ``place`` ends."""

    def __init__(self, held):
        self.held, self.address = held, f"http://localhost:{held.getsockname()[1]}"

    @contextmanager
    def serving(self, app):
        """The application answers here; at the end its thread and its connections are gone."""
        config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [self.held]}, daemon=True)
        thread.start()
        until = time.monotonic() + PATIENCE
        while not server.started:
            assert thread.is_alive() and time.monotonic() < until, "the application does not start"
            time.sleep(0.01)
        try:
            yield self.address
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
        assert not thread.is_alive(), "the application does not end"


@contextmanager
def place(port=0):
    """A free port of this machine, or the one that is wanted."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", port))
        yield Place(held)


@contextmanager
def listening(app):
    """The address of an application while it is served."""
    with place() as here, here.serving(app) as address:
        yield address
