"""The files of the bedside page, joined and compressed once, each under an address that changes with the software.

With ``MYOTOME_BEDSIDE=modules`` the page takes its modules and styles one by one, as they are written.
"""

from __future__ import annotations

import functools
import hashlib
import json
import logging
import os
import posixpath
import re
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from myotome.web.bedside.bundle import bundles
from myotome.web.bedside.packing import File
from myotome.web.bedside.script_tokens import ScriptError, squeezed, tokens
from myotome.web.bedside.texts import texts

ADDRESS = "/bedside/static/"
SHELL = "/bedside/shell"
WORKER = "sw.js"
# Not of the page itself: the worker has an address of its own, the other is for the plain pages.
APART = (WORKER, "everywhere.js")
STARTS = ("app.js", "keep.js")
FIRST = ("app.js", "steps/screen.js")
# All of the page's modules, and all of its styles, in one file each.
SCRIPT, STYLE = "visit.js", "visit.css"
# What is wanted at the end of a visit only is a second script, fetched once the page stands.
LATER, AT_THE_END = "visit-later.js", ("steps/close.js", "note.js")
IMPORTED = re.compile(r'(?:from|import) "(\.[^"]+)"')
# What else the page takes: modules of the atlas. For a passkey it asks the clinic, which a signature needs anyway.
ATLAS = tuple(f"/atlas/atlas-js/{name}.js" for name in ("hit", "search", "stage"))
# What the page takes from elsewhere and cannot start without.
BESIDE = (
    "/bedside/catalogue.json",
    *(f"/atlas/plate.css?theme={theme}" for theme in ("light", "dark")),
    "/atlas/plates",
)
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class Pages:
    """Every file by its path, and the version of all that a device may keep."""

    version: str
    files: dict[str, File]

    @property
    def joined(self) -> bool:
        """Whether the page takes one script and one style, not each of its modules."""
        return SCRIPT in self.files

    @property
    def starts(self) -> list[str]:
        """Addresses of the scripts that the page starts with."""
        return [self.address(name) for name in ((SCRIPT,) if self.joined else STARTS)]

    @property
    def scripts(self) -> list[str]:
        """Addresses of the modules that these need at once; the other steps come when they are wanted."""
        if self.joined:
            return []
        found = list(FIRST)
        for name in found:  # grows while it is read
            taken = IMPORTED.findall(self.files[name].plain.decode())
            beside = [posixpath.normpath(posixpath.join(posixpath.dirname(name), one)) for one in taken]
            found += [one for one in dict.fromkeys(beside) if one not in found]
        return [self.address(name) for name in found]

    @property
    def styles(self) -> list[str]:
        """Addresses of the styles of the page."""
        return [self.address(name) for name in self.kept if name.endswith(".css")]

    @property
    def kept(self) -> list[str]:
        """Names of the files that the page is made of."""
        apart = [name for name in self.files if self.joined and name.endswith((".js", ".css"))]
        return [name for name in self.files if name in (SCRIPT, LATER, STYLE) or name not in (*apart, *APART)]

    @property
    def beside(self) -> list[str]:
        """What the page takes from elsewhere and cannot start without."""
        return [*BESIDE, *(() if self.joined else ATLAS)]

    def address(self, name: str) -> str:
        """Where a file of this version is found, for good."""
        return f"{ADDRESS}{self.version}/{name}"

    def worker(self) -> File:
        """The service worker, told its version and what to keep from the start."""
        whole = [SHELL, *(self.address(name) for name in self.kept)]
        text = self.files[WORKER].plain.decode()
        text = text.replace('"VERSION"', json.dumps(self.version)).replace('["FILES"]', json.dumps(whole))
        text = text.replace('["BESIDE"]', json.dumps(self.beside))
        return packed(".js", squeezed(tokens(text, WORKER)).encode())


def packed(suffix: str, data: bytes) -> File:
    """A file of the kind that its name says."""
    return File(TYPES[suffix], data)


def pages() -> Pages:
    """The files as they are in this package: joined, unless the environment asks for the modules one by one."""
    return _pages(os.environ.get("MYOTOME_BEDSIDE") != "modules")


@functools.cache
def _pages(joined: bool) -> Pages:
    with as_file(files("myotome")) as package:
        static = package / "web" / "bedside" / "static"
        found = {
            path.relative_to(static).as_posix(): packed(path.suffix, path.read_bytes())
            for path in sorted(static.rglob("*"))
            if path.suffix in TYPES
        }
        if joined:
            try:
                found |= _joined(found, package)
            except ScriptError as error:  # the modules one by one are slower, and right
                logging.getLogger("myotome.web").warning("The page at the bedside is sent in pieces: %s", error)
        return Pages(_version(package) if joined else f"{_version(package)}-modules", found)


def _joined(found: dict[str, File], package: Path) -> dict[str, File]:
    scripts = {name: file.plain.decode() for name, file in found.items() if name.endswith(".js") and name not in APART}
    for name in ATLAS:
        scripts[name] = (package / "atlas" / "static" / Path(name).name).read_text("utf-8")
    places = {name: place for place, name in enumerate(texts())}
    styles = b"".join(file.plain for name, file in found.items() if name.endswith(".css"))
    script, later = bundles(scripts, STARTS, places, AT_THE_END, (SCRIPT, LATER))
    joined = {SCRIPT: packed(".js", script.encode()), LATER: packed(".js", later.encode())}
    return joined | {STYLE: packed(".css", styles)}


def _version(package: Path) -> str:
    """By the content of the whole software: plates, tables and page that a device keeps belong together."""
    whole = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            whole.update(f"{path.relative_to(package).as_posix()}\n".encode())
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]
