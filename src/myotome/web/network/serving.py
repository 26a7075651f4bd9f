"""Serving a clinic: plain HTTP on this machine alone, else TLS by its authority with the page of trust beside it."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn

from myotome.errors import ServingError
from myotome.web.network.authority import FOLDER, Authority, authority, new_authority, open_authority
from myotome.web.network.certificate import server_certificate
from myotome.web.network.listening import listen
from myotome.web.network.machine import Machine, ThisMachine, addresses, plain_hosts, served_names
from myotome.web.network.names import Names, local
from myotome.web.network.origin import Application, OnlyOurHosts
from myotome.web.network.standing import HERE, Standing, Wish, hosts_here, in_order, standing
from myotome.web.network.trust import trust_app

LOOKS = dt.timedelta(hours=12)  # between looks at the certificate's end
LAST = 5  # seconds that open requests have at the end

Clock = Callable[[], dt.datetime]
Say = Callable[[str], object]


CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"  # of TLS 1.2; those of 1.3 are all of this kind


class Serving:
    """A clinic about to be served: ports held, certificate ready, and nothing answered yet."""

    def __init__(self, wish: Wish, clinic: Path, clock: Clock, machine: Machine | None = None) -> None:
        """Take the ports and, where asked from the network, the authority; refuse with a sentence."""
        self._clinic, self._clock = clinic, clock
        self._found = () if local(wish.host) else addresses(machine or ThisMachine())
        self._tls = not (wish.no_tls or local(wish.host))
        self._authority: Authority | None = None
        self._fresh = False
        self._names: Names | None = None
        self._context: ssl.SSLContext | None = None
        self._ended = threading.Event()
        self._running: list[uvicorn.Server] = []
        self._sockets: list[socket.socket] = []
        self._ports: list[int] = []
        try:
            self.standing = self._taken(wish)
        except BaseException:
            self.close()
            raise

    def sentences(self) -> list[str]:
        """What the terminal says: where the clinic is, how a tablet comes to trust it, and what is refused."""
        said = [f"The clinic is at {self.standing.origin}/ (Ctrl-C ends it)"]
        if self._authority is not None:
            pages = " or ".join(self.trust_pages)
            said.append(f"On a new tablet open {pages} first, and compare this fingerprint of the clinic's authority:")
            said.append(f"  {self._authority.fingerprint}")
            said += ["This authority is new: every tablet must trust it once."] if self._fresh else []
            said += filter(None, [self._authority.warning(self._clock())])
        if not self.standing.bedside:
            said.append("Without TLS, anybody on this network can read everything that is sent, passwords too.")
        return [*said, *filter(None, [self.standing.why])]

    @property
    def ready(self) -> bool:
        """Whether everything that is to be served now answers."""
        return len(self._running) == len(self._sockets) and all(server.started for server in self._running)

    @property
    def trust_pages(self) -> list[str]:
        """Where the page of trust is: by name, and by address for tablets that do not find the name."""
        if self._authority is None:
            return []
        others = [reach.host for reach in self._found if not reach.passkeys and ":" not in reach.host]
        return list(dict.fromkeys(f"http://{name}:{self._ports[1]}/" for name in (self.standing.host, *others)))

    def run(self, application: Callable[[Standing], Application], say: Say = print) -> int:
        """Serve until interrupted or stopped; returns the exit status."""
        beside: list[threading.Thread] = []
        try:
            main = self._server(OnlyOurHosts(application(self.standing), self.standing.hosts), self._tls)
            if self._authority is not None:
                page = trust_app(self._authority.certificate, [f"{self.standing.origin}/"], self._authority.fingerprint)
                trusted = self._server(page, tls=False)
                beside.append(threading.Thread(target=trusted.run, kwargs={"sockets": self._sockets[1:]}, daemon=True))
                beside.append(threading.Thread(target=self._look, args=(say,), daemon=True))
            for thread in beside:
                thread.start()
            main.run(sockets=self._sockets[:1])
            return 0 if main.started else 1
        finally:
            self.stop()
            for thread in beside:
                thread.join(LAST)
            self.close()

    def stop(self) -> None:
        """End ``run`` from another thread."""
        self._ended.set()
        for server in self._running:
            server.should_exit = True

    def close(self) -> None:
        """Give the ports back."""
        for listening in self._sockets:
            listening.close()

    def renew(self) -> bool:
        """Renew the certificate when it is near its end; connections made from now on get the new one."""
        if self._names is None or self._context is None:
            return False
        served = server_certificate(open_authority(self._clinic, self._clock()), self._names, self._clock())
        if served.renewed:
            self._context.load_cert_chain(served.file)
        return served.renewed

    def _taken(self, wish: Wish) -> Standing:
        """Hold the ports, make or open the authority, and say how the clinic stands."""
        if wish.new_authority and not self._tls:
            raise ServingError("--new-authority is for serving tablets with TLS. Add --host 0.0.0.0, without --no-tls.")
        self.port = self._hold(wish.host, wish.port, "--port")
        if local(wish.host):
            return standing(hosts_here(wish.host), self.port, tls=False)
        if wish.no_tls:
            return standing([*plain_hosts(wish.host, wish.names, self._found), *HERE], self.port, tls=False)
        beside = wish.trust_port or (wish.port + 1 if wish.port else 0)
        self._hold(wish.host, beside, "--trust-port")
        self._names = self._signed(wish)
        return standing(in_order(wish, self._names), self.port, tls=True)

    def _hold(self, host: str, port: int, option: str) -> int:
        self._sockets.append(listen(host, port, option))
        self._ports.append(int(self._sockets[-1].getsockname()[1]))
        return self._ports[-1]

    def _signed(self, wish: Wish) -> Names:
        """The authority and a certificate for this machine's names; returns the names."""
        now = self._clock()
        exists = (self._clinic / FOLDER).exists() and not wish.new_authority
        signed = open_authority(self._clinic, now).names if exists else None
        self._fresh = not exists
        names = served_names(wish.host, wish.names, self._found, signed)
        make = new_authority if wish.new_authority else authority
        self._authority = make(self._clinic, names, now)
        server_certificate(self._authority, names, now)
        return names

    def _server(self, application: Application, tls: bool) -> uvicorn.Server:
        more: dict[str, Any] = {}
        if tls and self._authority is not None and self._names is not None:
            more["ssl_certfile"] = server_certificate(self._authority, self._names, self._clock()).file
        config = uvicorn.Config(
            application,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # nothing stands before this server whose word on a client could be taken
            timeout_graceful_shutdown=LAST,
            **more,
        )
        config.load()
        if config.ssl is not None:
            config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
            config.ssl.set_ciphers(CIPHERS)
            self._context = config.ssl
        server = uvicorn.Server(config)
        server.should_exit = self._ended.is_set()  # stopped before it began
        self._running.append(server)
        return server

    def _look(self, say: Say) -> None:
        """Look at the certificate twice a day, as long as the clinic is served."""
        while not self._ended.wait(LOOKS.total_seconds()):
            try:
                self.renew()
            except ServingError as error:
                say(f"myotome: {error}")
