"""The only wiring: environment, cache and compiled models come together here."""

from __future__ import annotations

import contextlib
import datetime
import os
import sys
from argparse import Namespace
from collections.abc import Callable
from typing import Any

from myotome.cli.main import run
from myotome.errors import MyotomeError
from myotome.store import Store


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    with contextlib.suppress(AttributeError):
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a text stream in practice
    store = Store(os.environ)
    try:
        doors: dict[str, Callable[..., Any]] = {
            "reasoners": store.reasoner,
            "tables": store.tables,
            "planning": store.planning,
            "forecasts": store.forecasts,
            "serve": serve,
            "serve_mechanism": serve_mechanism,
            "clock": now,
            "premises": places_of,
            "clinic": lambda chosen: open_clinic(chosen, store),
            "serve_clinic": lambda chosen: serve_clinic(chosen, store),
        }
        return run(arguments, doors)
    except MyotomeError as error:
        sys.stderr.write(f"myotome: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return 130
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def now() -> datetime.datetime:
    """The time in UTC."""
    return datetime.datetime.now(tz=datetime.UTC)


def places_of(chosen: Namespace) -> Any:
    """Where the clinic that a command speaks of lives."""
    from myotome.clinic.places import premises  # noqa: PLC0415  # slow to import; only where a clinic is asked for

    return premises(os.environ, chosen.data, chosen.demo)


def open_clinic(chosen: Namespace, store: Store) -> Any:
    """That clinic, open."""
    from myotome.premises import opened  # noqa: PLC0415

    store.planning()
    return opened(places_of(chosen), store.reasoner, now)


def serve_clinic(chosen: Namespace, store: Store) -> int:
    """Serve that clinic until interrupted; returns the exit status."""
    from myotome.opening import serve_clinic as served  # noqa: PLC0415

    store.planning()
    return served(places_of(chosen), chosen, store.reasoner, now, store.forecasts)


def serve(chart: Any, title: str, believed: str, port: int, browser: bool) -> int:
    """Serve the atlas on this machine only until interrupted; returns the exit status."""
    from myotome.web.atlas import atlas_app  # noqa: PLC0415  # these are slow to import; only when a page is asked for

    return _served(lambda: atlas_app(chart, title, believed), "The atlas", port, browser)


def serve_mechanism(port: int, browser: bool) -> int:
    """Serve the page of the mechanism likewise."""
    from myotome.web.mechanism import mechanism_app  # noqa: PLC0415

    return _served(mechanism_app, "The mechanism", port, browser)


def _served(application: Callable[[], Any], called: str, port: int, browser: bool) -> int:
    """Serve an application on a port of this machine, a free one where it is 0, until interrupted."""
    import socket  # noqa: PLC0415
    import webbrowser  # noqa: PLC0415

    import uvicorn  # noqa: PLC0415

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or "it is not a port"
            sys.stderr.write(f"myotome: port {port} cannot be used ({reason}). Give another with --port.\n")
            return 2
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        sys.stdout.write(f"{called} is at {address} (Ctrl-C ends it)\n")
        sys.stdout.flush()
        if browser:
            webbrowser.open(address)
        server = uvicorn.Server(uvicorn.Config(application(), log_level="warning", access_log=False))
        server.run(sockets=[listening])
    return 0
