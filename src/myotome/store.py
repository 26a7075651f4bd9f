"""Compiled models and tables, kept on disk between runs."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

KEPT_PLANS = 8  # plans of sessions whose libraries stay on disk; each some 10 MB
EDITION_FILES = ("*.py", "*.toml", "*.csv", "*.so", "*.pyd")


class Store:
    """Compiled models, kept on disk between runs and thrown away when any file of the package changes."""

    def __init__(self, environment: Any) -> None:
        """``MYOTOME_KERNEL`` chooses the kernel, ``MYOTOME_CACHE`` the folder (empty: none)."""
        self.kernel = environment.get("MYOTOME_KERNEL", "auto")
        default = Path(environment.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "myotome"
        chosen = environment.get("MYOTOME_CACHE")
        self.folder = default if chosen is None else Path(chosen) if chosen else None
        self._reasoners: dict[str, Any] = {}

    def reasoner(self, profile: str) -> Any:
        """The reasoner of a profile, from memory, disk or scratch."""
        if profile not in self._reasoners:
            self._reasoners[profile] = self._load(profile)
        return self._reasoners[profile]

    def tables(self) -> None:
        """Bring back the fact tables that an earlier run read, or keep them for the next one."""
        from myotome.facts.kept import restore, snapshot  # noqa: PLC0415  # not needed for --help

        def read() -> dict[str, Any]:
            _read_all()
            return snapshot()

        restore(self._stored("tables", "dict", read))

    def planning(self) -> None:
        """The same for the tables that only planning needs; they would slow everything else down."""
        from myotome.facts.kept import restore, snapshot  # noqa: PLC0415

        before = set(snapshot())

        def read() -> dict[str, Any]:
            _read_planning()
            return {name: value for name, value in snapshot().items() if name not in before}

        restore(self._stored("planning", "dict", read))

    def forecasts(self, plan: Any) -> Any:
        """The library of simulated people for a plan of sessions; kept for the last few plans."""
        from myotome.care.course.forecast import kept, made, room  # noqa: PLC0415

        def people() -> Any:
            return self._stored("waiting", "Waiting", room)

        def simulated() -> Any:
            sys.stderr.write("Simulating people for these sessions: some seconds, the first time a minute at most.\n")
            return kept(plan, people)

        digest = hashlib.sha256(repr(plan).encode()).hexdigest()[:16]
        found = self._stored(f"forecast.{digest}", "Library", simulated)
        if self.folder is not None:
            files = sorted(self.folder.glob("forecast.*.pickle"), key=lambda file: file.stat().st_mtime)
            for old in files[:-KEPT_PLANS]:
                old.unlink(missing_ok=True)
        return made(plan, found, people)

    def _load(self, profile: str) -> Any:
        from myotome.care.explanation.reasoner import Reasoner  # noqa: PLC0415  # slow; only when needed

        model = self._stored(profile, "Model", lambda: Reasoner(profile, self.kernel).model)
        return Reasoner(profile, self.kernel, model)

    def _stored(self, name: str, kind: str, make: Callable[[], Any]) -> Any:
        """What ``make`` makes, an object of the type named ``kind``, from disk where it was kept."""
        if self.folder is None:
            return make()
        file = self.folder / f"{name}-{_edition()}.pickle"
        with contextlib.suppress(Exception):  # whatever a damaged file raises, it is made anew
            if file.stat().st_uid == os.getuid():
                value = _loaded(file.read_bytes())
                if type(value).__name__ == kind:
                    return value
        made = make()
        with contextlib.suppress(OSError):
            _write(file, pickle.dumps(made, protocol=5))
        return made


def _loaded(data: bytes) -> Any:
    """Unpickle our own file; the collector would only walk the many new objects in vain."""
    gc.disable()
    try:
        return pickle.loads(data)  # noqa: S301  # written by this user, in a folder of this user
    finally:
        gc.enable()


def _read_all() -> None:
    """Read every table that explaining or looking up needs."""
    from myotome.care.examination.case import Case  # noqa: PLC0415
    from myotome.care.examination.results import results_of  # noqa: PLC0415
    from myotome.care.examination.vocabulary import vocabulary  # noqa: PLC0415
    from myotome.care.explanation.explain import data_edition  # noqa: PLC0415
    from myotome.care.explanation.numbers import numbers  # noqa: PLC0415
    from myotome.care.screening.items import code_of  # noqa: PLC0415
    from myotome.care.screening.referral import refer  # noqa: PLC0415

    vocabulary()
    numbers()
    data_edition()
    code_of("cancer history")
    refer(Case())
    results_of("strength")


def _read_planning() -> None:
    """Read every table that planning and its pages need."""
    from myotome.care.aftercare.advice import advice  # noqa: PLC0415
    from myotome.care.evidence.conditions import find, results  # noqa: PLC0415
    from myotome.care.evidence.harms import harms, reasons  # noqa: PLC0415
    from myotome.care.examination.case import Case  # noqa: PLC0415
    from myotome.care.plan.numbers import evidence, numbers  # noqa: PLC0415
    from myotome.care.points.needle import sizes  # noqa: PLC0415
    from myotome.care.points.tables import not_needled, points_of  # noqa: PLC0415
    from myotome.care.safety.gate import vitals  # noqa: PLC0415
    from myotome.care.safety.named import lexicons  # noqa: PLC0415
    from myotome.care.safety.ruling import rulings  # noqa: PLC0415
    from myotome.care.safety.standing import standing  # noqa: PLC0415

    for table in (advice, results, harms, reasons, numbers, evidence, sizes, not_needled, points_of, vitals, lexicons):
        table()
    find("tennis elbow")
    rulings(standing(Case()))


def _write(file: Path, data: bytes) -> None:
    """Write whole or not at all, readable by this user only."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in file.parent.glob(f"{file.name.split('-')[0]}-*.pickle"):
        old.unlink(missing_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as temporary:
        temporary.write(data)
    Path(temporary.name).replace(file)


def _edition() -> str:
    """Changes whenever a file of the package does: sizes and times of all of them."""
    root = Path(__file__).parent
    digest = hashlib.sha256(sys.version.encode())
    for pattern in EDITION_FILES:
        for file in sorted(root.rglob(pattern)):
            status = file.stat()
            digest.update(f"{file.relative_to(root)}:{status.st_size}:{status.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]
