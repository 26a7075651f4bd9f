"""The commands that look after a clinic and its record."""

from __future__ import annotations

import argparse
from typing import Any


def serve(commands: Any) -> None:
    """Add the one that opens the clinic."""
    _serving(commands.add_parser("serve", help="open the clinic in the browser, on this machine or its network"))


def upkeep(commands: Any) -> None:
    """Add those that look after its record."""
    verify = commands.add_parser("verify", help="whether the record is as it was recorded")
    verify.add_argument("--against", action="append", default=[], metavar="HEAD", help="head file, or POSITION:HASH")
    backup = commands.add_parser("backup", help="copy the record into a file, while others go on")
    backup.add_argument("file", metavar="FILE", help="a folder, or a file that does not exist yet")
    restore = commands.add_parser("restore", help="make a clinic of a backup again, here or on another machine")
    restore.add_argument("file", metavar="FILE", help="a backup")
    rebuild = commands.add_parser("rebuild", help="make anew what the pages read, from the entries")
    keys = commands.add_parser("keys", help="the master key: on paper, typed in again, or changed")
    keys.add_argument("what", choices=("paper", "recover", "rotate"), help="what to do with it")
    keys.add_argument("--clinic", default="", help="for recover: the clinic's name, as on the paper copy")
    recover = commands.add_parser("recover", help="an owner cannot sign in: a new invitation, on the clinic's machine")
    recover.add_argument("sign_in", metavar="SIGN-IN-NAME", help="the owner's sign-in name")
    retain = commands.add_parser("retain", help="whose record has been kept as long as it must be")
    erase = commands.add_parser("erase", help="destroy a person's record, by two people")
    erase.add_argument("person", metavar="PERSON", help="the person's id")
    erase.add_argument("--reason", required=True, help="why; it stays in the record and names nobody")
    erase.add_argument("--law", default="", help="the law or order that demands it before the period is over")
    export = commands.add_parser("export", help="a person's whole record, as open JSON or PDF")
    export.add_argument("person", metavar="PERSON", help="the person's id")
    export.add_argument("--format", default="json", choices=("json", "pdf"), help="kind of file")
    export.add_argument("-o", "--output", default=".", metavar="FOLDER", help="where to")
    for command in (verify, backup, restore, rebuild, keys, recover, retain, erase, export):
        _where(command)


def _serving(command: argparse.ArgumentParser) -> None:
    command.add_argument("--examples", default="", metavar="FOLDER", help="published cases for the demonstration")
    command.add_argument("--host", default="localhost", help="0.0.0.0 for the clinic's network, by TLS")
    command.add_argument("--port", type=int, default=0, help="port; a free one where missing")
    command.add_argument("--name", action="append", default=[], help="a further name of this machine")
    command.add_argument("--trust-port", type=int, default=0, help="port of the page by which tablets trust the clinic")
    command.add_argument("--no-tls", action="store_true", help="without TLS: no passkeys, no bedside mode")
    command.add_argument("--new-authority", action="store_true", help="a new authority; every tablet trusts it anew")
    command.add_argument("--no-browser", action="store_true", help="only print the address")
    _where(command)


def _where(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", metavar="FOLDER", help="the clinic's folder (else MYOTOME_DATA, else the user's)")
    command.add_argument("--demo", action="store_true", help="the demonstration practice, a record of its own")
