"""The commands that look after a clinic: what they do, what they say, and what they refuse."""

import contextlib
import datetime
import io
import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from myotome import app
from myotome.app import main
from myotome.clinic.entries.persons import PersonRegistered
from myotome.clinic.entries.visits import HypothesisRecorded, VisitOpened
from myotome.errors import AccessError
from myotome.premises import opened, premises
from myotome.records.heads import signer_of, tombstone_file, tombstones_in
from myotome.records.master import new_master, on_paper, read_master
from tests.clinics import password_of
from tests.stores import database_url
from tests.web.processes import COMMAND, surroundings

pytestmark = pytest.mark.enable_socket  # PostgreSQL is asked over a socket
BORN = datetime.date(1960, 4, 2)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A clinic in a folder: two people with a signed visit each, an owner and a lead. Copied for each test."""
    folder = tmp_path_factory.mktemp("clinic")
    places = premises({"HOME": str(folder), "MYOTOME_KEY": str(folder / "master.key")}, str(folder / "data"))
    people = []
    with opened(places, lambda _: None, app.now, beginning=True) as clinic:
        token = clinic.accounts.found("Practice by the Mill", "DE", "Europe/Berlin", "Ana", "ana", password_of("ana"))
        ana = clinic.access.actor(token)
        _, secret = clinic.accounts.invite(ana, "Lea", "lea", ("lead", "practitioner"), "123")
        token = clinic.accounts.accept(secret, password_of("lea"))
        proof = clinic.access.prove(clinic.access.actor(token), password_of("lea"), "")
        lea = clinic.access.actor(proof.token)
        for family in ("Müller", "Grünwald"):
            person = clinic.people.register(lea, PersonRegistered(family=family, given="Anna", birth_date=BORN))
            clinic.people.open(lea, person, ["name", "birth date"])
            visit = clinic.visits.open(lea, person, VisitOpened(day=clinic.practice.today(), reason="Neck"))
            clinic.visits.suppose(lea, visit, HypothesisRecorded(text="C7"))
            clinic.visits.sign(lea, visit, proof)
            people.append(person)
        clinic.keeper.tick()
    return folder, people


class House:
    """A copy of that clinic, and the command line on it."""

    def __init__(self, folder, people, capsys, monkeypatch):
        self.anna, self.other = people
        self.folder, self.data, self.key = folder, folder / "data", folder / "master.key"
        self.capsys, self.monkeypatch = capsys, monkeypatch
        self.clinic = read_master(self.key).clinic

    def __call__(self, *arguments, stdin=""):
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        status = main(list(arguments))
        return status, *self.capsys.readouterr()

    def refused(self, *arguments, stdin="", status=1):
        """What a refusal says: one sentence; nothing is changed, nothing left."""
        before = self.files()
        found, out, err = self(*arguments, stdin=stdin)
        said = err.rpartition("Password: ")[2].rpartition("no: ")[2].splitlines()[-1]
        assert (found, out) == (status, "") and said.count("myotome: ") == 1, (found, out, err)
        assert self.files() == before
        return said.rpartition("myotome: ")[2]

    def files(self):
        """Every file but what the database keeps beside its own, and the day's head, exported at each opening."""
        beside = (".lock", ".db-wal", ".db-shm")
        files = (file for file in self.folder.rglob("*") if file.suffix not in beside)
        kept = (file for file in files if not file.name.startswith("head"))
        return sorted(str(file.relative_to(self.folder)) for file in kept)

    def use(self, **told):
        for name, value in told.items():
            self.monkeypatch.setenv(f"MYOTOME_{name}", str(value))

    def backup(self):
        """A backup of the clinic as it is."""
        file = self.folder / f"b{len(list(self.folder.glob('b*')))}"
        assert self("backup", str(file))[0] == 0
        return file

    def paper(self):
        """The paper copy of the master key."""
        return self("keys", "paper")[1].splitlines()

    def elsewhere(self, name="elsewhere"):
        """Go on in another folder, as on another machine that has the key and the heads."""
        there = self.folder / name
        shutil.copytree(self.data / "heads", there / "heads")
        self.use(DATA=there)
        return there


@pytest.fixture
def myotome(made, tmp_path, capsys, monkeypatch, tmp_path_factory):
    monkeypatch.setenv("MYOTOME_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "MYOTOME_DATABASE_URL", "MYOTOME_HEADS"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(made[0], tmp_path, dirs_exist_ok=True)
    house = House(tmp_path, made[1], capsys, monkeypatch)
    house.use(DATA=house.data, KEY=house.key)
    return house


def signing(*names):
    """Names and passwords, as lines."""
    return "".join(f"{name}\n{password_of(name)}\n" for name in names)


COMMANDS = (
    ("verify",), ("backup", "b"), ("restore", "b"), ("rebuild",), ("keys", "paper"), ("keys", "rotate"), ("retain",),
    ("erase", "x", "--reason", "y"), ("export", "x"),
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_where_there_is_no_clinic_nothing_is_begun(myotome, command):
    """Only ``serve`` begins one."""
    myotome.use(DATA=myotome.folder / "none", KEY=myotome.folder / "none.key")
    assert myotome.refused(*command).startswith(("There is no ", "This sign-in name")), command


def test_verify_names_heads_and_what_does_not_fit(myotome):
    status, out, err = myotome("verify")
    assert (status, err) == (0, "") and "and they fit 1 head kept beside it" in out
    (file,) = (myotome.data / "heads").glob("head-*")
    head = json.loads(file.read_text())
    typed = f"{head['position']}:{head['hash']}"
    for good in (str(file), typed, f"{head['position']}:{head['hash'][:16].upper()}"):
        status, out, err = myotome("verify", "--against", good)
        assert (status, err) == (0, "") and "fit 2 heads" in out
    wrong = f"{head['position']}:{'0' * 64}"
    cut = f"{head['position'] + 9}:{head['hash']}"
    for bad, word in ((wrong, "rewritten"), (cut, "the end was cut")):
        status, out, err = myotome("verify", "--against", bad)
        assert status == 5 and word in err and "not as recorded" in out


def test_verify_refuses_what_is_no_head_of_this_clinic(myotome):
    (file,) = (myotome.data / "heads").glob("head-*")
    assert "is not a head" in myotome.refused("verify", "--against", "12:xyz")
    assert "is not a head" in myotome.refused("verify", "--against", "a" * 5000)
    binary = myotome.folder / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    assert "is not a head" in myotome.refused("verify", "--against", str(binary))
    changed = myotome.folder / "changed"
    changed.write_text(file.read_text().replace('"position": ', '"position": 1'))
    assert "signature" in myotome.refused("verify", "--against", str(changed))
    with another_clinic(myotome.folder) as (places, name):
        (theirs,) = places.heads.glob("head-*")
        assert f"another clinic ({name})" in myotome.refused("verify", "--against", str(theirs))


@contextlib.contextmanager
def another_clinic(folder):
    """A second clinic in a folder of its own."""
    places = premises({"HOME": str(folder / "theirs")}, str(folder / "theirs"))
    with opened(places, lambda _: None, app.now, beginning=True) as clinic:
        clinic.accounts.found("Another", "DE", "Europe/Berlin", "Bea", "bea", password_of("bea"))
        clinic.keeper.tick()
        yield places, clinic.practice.ledger.clinic


def test_a_record_that_was_changed_from_outside_is_named(myotome):
    """Somebody with the file takes its guard away and changes one byte of a row."""
    with contextlib.closing(sqlite3.connect(myotome.data / "clinic.db")) as file:
        triggers = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            file.execute(f"DROP TRIGGER {name}")
        (body,) = file.execute("SELECT body FROM event WHERE position = 7").fetchone()
        file.execute("UPDATE event SET body = ? WHERE position = 7", (bytes([body[0] ^ 1]) + body[1:],))
        for _, made_by in triggers:
            file.execute(made_by)
        file.commit()
    status, out, err = myotome("verify")
    assert status == 5 and "Row 7" in err, err
    assert "not as recorded" in out
    assert myotome.refused("backup", str(myotome.folder / "b")).endswith("run 'myotome verify'.")


def test_a_guard_that_was_taken_away_is_named(myotome):
    with contextlib.closing(sqlite3.connect(myotome.data / "clinic.db")) as file:
        (name, *_), *_ = file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        file.execute(f"DROP TRIGGER {name}")
    status, out, _ = myotome("verify")
    assert status == 0 and "Notice: The guards that keep events from being changed were taken out" in out


def test_a_lost_key_and_its_paper(myotome):
    """Without it: said, by every command; typed in again, the record opens."""
    lines = myotome.paper()
    myotome.key.unlink()
    status, out, err = myotome("verify")
    assert (status, err) == (0, "") and "Notice: Without the master key" in out
    for command in (("backup", str(myotome.folder / "b")), ("rebuild",), ("keys", "rotate"), ("keys", "paper")):
        assert myotome.refused(*command).startswith(f"There is no master key at {myotome.key}."), command
    assert myotome.refused("retain").startswith(f"There is no master key at {myotome.key}.")
    recover = ("keys", "recover", "--clinic", myotome.clinic)
    mistyped = [*lines[1:3], lines[3].replace(lines[3][0], "Q" if lines[3][0] != "Q" else "R", 1), lines[4]]
    for name, typed, words in (
        (myotome.clinic, mistyped, "Line 3 of the paper key was mistyped"),
        (myotome.clinic, lines[1:4], "were typed. Type every line"),
        ("another", lines[1:], f"The record is of clinic {myotome.clinic}, not 'another'"),
        ("", lines[1:], "Which clinic?"),
        ("Mill & Co", lines[1:], "Which clinic?"),
    ):
        assert words in myotome.refused("keys", "recover", "--clinic", name, stdin="\n".join(typed))
    status, out, _ = myotome(*recover, stdin="\n".join(line.lower() for line in lines[1:]) + "\n")
    assert status == 0 and out.startswith(f"{myotome.key}: the key ")
    assert myotome.key.stat().st_mode & 0o777 == 0o600
    assert myotome("verify")[0] == 0 and myotome("rebuild")[0] == 0
    assert "already" in myotome.refused(*recover, stdin="\n".join(lines[1:]))


def test_a_whole_paper_copy_can_be_typed_and_another_clinics_key_is_refused(myotome):
    lines = myotome.paper()
    myotome.key.unlink()
    assert myotome("keys", "recover", stdin="\n".join(lines) + "\n")[0] == 0
    assert myotome("retain", stdin=signing("lea"))[0] == 0
    myotome.key.unlink()
    stranger = new_master(myotome.clinic, lambda size: b"\7" * size)
    said = myotome.refused("keys", "recover", "--clinic", myotome.clinic, stdin="\n".join(on_paper(stranger)))
    assert "does not hold the key" in said


def test_a_backup_becomes_a_clinic_on_another_machine(myotome):
    """The paper copy, the heads and the backup are enough; its head is exported at once."""
    backup, lines = myotome.backup(), myotome.paper()
    there = myotome.elsewhere()
    key = there / "key"
    myotome.use(KEY=key)
    assert myotome.refused("restore", str(backup)).startswith("There is no master key")
    assert myotome("keys", "recover", stdin="\n".join(lines) + "\n")[0] == 0
    assert myotome.refused("restore", str(myotome.folder / "no")).startswith("There is no backup at")
    assert "backup" in myotome.refused("restore", str(myotome.key))
    with myotome.monkeypatch.context() as patched:
        patched.setenv("MYOTOME_HEADS", str(there / "no"))
        assert myotome.refused("restore", str(backup)).startswith("There is no folder of heads")
    before = len(list((there / "heads").iterdir()))
    status, out, err = myotome("restore", str(backup))
    assert (status, err) == (0, "") and out.startswith(f"{myotome.clinic}: restored to row ")
    assert len(list((there / "heads").iterdir())) == before + 1
    status, out, _ = myotome("verify")
    assert status == 0 and "fit 2 heads" in out
    assert "restore replaces none" in myotome.refused("restore", str(backup))
    assert myotome("retain", stdin=signing("ana"))[1] == "Nobody's record is past its period.\n"


def test_a_backup_becomes_a_clinic_in_postgresql(myotome):
    backup = myotome.backup()
    myotome.elsewhere()
    with database_url("postgresql", myotome.folder) as url:
        myotome.use(DATABASE_URL=url)
        assert myotome.refused("retain").startswith("There is no clinic at the database of MYOTOME_DATABASE_URL, but")
        assert myotome("restore", str(backup))[0] == 0
        assert myotome("verify")[0] == 0
        assert myotome("retain", stdin=signing("lea"))[0] == 0
        assert myotome("rebuild")[0] == 0
        again = myotome.backup()
        assert again.stat().st_size > 10_000


def test_backups_replace_nothing_and_have_names(myotome):
    there = myotome.backup()
    assert "a backup replaces none" in myotome.refused("backup", str(there))
    assert "could not be written" in myotome.refused("backup", str(myotome.folder / "no" / "file"))
    assert myotome("backup", str(myotome.folder))[0] == 0
    (file,) = myotome.folder.glob(f"backup-{myotome.clinic}-*.myotome")
    assert file.stat().st_mode & 0o777 == 0o600


def test_two_people_erase_and_no_backup_brings_the_person_back(myotome):
    old, ahead = myotome.backup(), app.now() + datetime.timedelta(days=40 * 366)
    erase = ("erase", myotome.anna, "--reason", "The period is over.")
    assert "must be kept until" in myotome.refused(*erase, stdin=signing("ana"))
    myotome.monkeypatch.setattr(app, "now", lambda: ahead)
    status, out, _ = myotome("retain", stdin=signing("lea"))
    assert status == 0 and out.count("may be destroyed since") == 2 and myotome.anna in out and "\nRule: " in out
    heads = len(myotome.files())
    assert "do not belong together" in myotome.refused(*erase, stdin="ana\nwrong\n")
    status, out, err = myotome(*erase, stdin=signing("ana", "ana"))
    assert (status, out) == (1, "") and "A second person must confirm it" in err
    status, out, err = myotome(*erase, stdin=signing("ana", "lea"))
    assert status == 0 and out.startswith(f"{myotome.anna}: erased."), err
    assert tombstone_file(myotome.data / "heads", myotome.clinic).exists() and len(myotome.files()) > heads
    assert "There is nobody by that number" in myotome.refused(*erase, stdin=signing("ana"))
    assert myotome("verify")[0] == 0

    myotome.elsewhere()
    status, out, _ = myotome("restore", str(old))
    assert status == 0 and "One person erased after the backup stayed erased." in out
    status, out, err = myotome("verify")
    assert (status, err) == (0, "") and "no longer fits because a backup that ended at row" in out
    later = max((myotome.data / "heads").glob("head-*"))
    assert myotome("verify", "--against", str(later))[0] == 5, "asked about, it is not in this record"
    told = signing("ana", "lea")
    assert "There is nobody by that number" in myotome.refused("export", myotome.anna, stdin=told)


def test_a_tombstone_that_a_crash_kept_back_is_made_up_for_at_the_next_opening(myotome):
    law = ("--law", "GDPR 17")
    assert myotome("erase", myotome.anna, "--reason", "Asked for.", *law, stdin=signing("ana", "lea"))[0] == 0
    tombstone_file(myotome.data / "heads", myotome.clinic).unlink()
    assert myotome("retain", stdin=signing("lea"))[0] == 0
    places = premises({"MYOTOME_KEY": str(myotome.key)}, str(myotome.data))
    with opened(places, lambda _: None, app.now) as clinic, clinic.practice.ledger.reading() as record:
        (stone,) = tombstones_in(places.heads, record.clinic, signer_of(record))
    assert stone.person == myotome.anna


def test_the_master_key_is_changed(myotome):
    """Old backups still open, as long as the old key is kept beside the new one."""
    old, before = myotome.backup(), myotome.paper()
    status, out, _ = myotome("keys", "rotate")
    assert status == 0 and f"{myotome.key}.retired-" in out and myotome.paper() != before
    assert myotome("verify")[0] == 0 and myotome("retain", stdin=signing("lea"))[0] == 0
    myotome.elsewhere()
    (retired,) = myotome.folder.glob("master.key.retired-*")
    hidden = retired.rename(myotome.folder / "hidden")
    assert "key" in myotome.refused("restore", str(old))
    hidden.rename(retired)
    assert myotome("restore", str(old))[0] == 0 and myotome("verify")[0] == 0


def test_states_are_made_anew(myotome):
    status, out, _ = myotome("rebuild")
    assert status == 0 and out.startswith("Every state was made anew from ")
    assert myotome("verify")[0] == 0


def test_a_whole_record_is_exported(myotome):
    """After two identifiers were confirmed; under a name of ids and dates, for this user only."""
    folder = myotome.folder / "out"
    export = ("export", myotome.anna, "-o", str(folder))
    assert myotome.refused(*export).startswith("There is no folder")
    folder.mkdir()
    assert myotome.refused(*export, stdin=signing("lea") + "no\n").startswith("Nothing was exported.")
    assert "There is nobody by that number" in myotome.refused(
        "export", "nobody", "-o", str(folder), stdin=signing("lea")
    )
    for kind in ("json", "pdf"):
        status, out, err = myotome(*export, "--format", kind, stdin=signing("lea") + "yes\n")
        assert status == 0 and "It holds a person's record in plain text" in out
        assert "name Anna Müller" in err and "birth date" in err
    files = {file.suffix: file for file in folder.iterdir()}
    assert all(file.stat().st_mode & 0o777 == 0o600 and "ller" not in file.name for file in files.values())
    assert "Müller" in str(json.loads(files[".json"].read_bytes())) and files[".pdf"].read_bytes().startswith(b"%PDF")


def test_the_clinic_is_not_loaded_where_nothing_of_it_is_asked_for(tmp_path):
    """Help and explanations begin as quickly as before there were clinics."""
    case = Path(__file__).resolve().parents[2] / "examples" / "neupsykey-nd-c7-root.yaml"
    script = COMMAND[2].replace("sys.exit(main())", "main()") + "; print(sorted(sys.modules), file=sys.stderr)"
    environment = surroundings(tmp_path, tmp_path / "cache")
    command = [sys.executable, "-c", script, "explain", "--quick", str(case)]
    loaded = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stderr
    assert "'myotome.cli.explain'" in loaded
    for name in ("sqlalchemy", "cryptography", "myotome.clinic", "fastapi", "pydantic"):
        assert f"'{name}'" not in loaded, name


def test_help_lists_the_commands_by_what_they_are_for(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capsys.readouterr().out
    assert out.index(" serve ") < out.index(" explain ") < out.index(" plan ") < out.index(" verify ")


def test_an_owner_who_cannot_sign_in_gets_a_code_that_works_once(myotome):
    """Also the only owner of a clinic; nobody else's account is opened this way."""
    assert "No owner of this clinic signs in by that name" in myotome.refused("recover", "lea")
    status, code, told = myotome("recover", "ana")
    assert status == 0
    assert "it works once" in told
    places = premises({"HOME": str(myotome.folder), "MYOTOME_KEY": str(myotome.key)}, str(myotome.data))
    with opened(places, lambda _: None, app.now) as clinic:
        with pytest.raises(AccessError):
            clinic.access.sign_in("ana", password_of("ana"), "")
        token = clinic.accounts.accept(code.strip(), "a quite new long password 7")
        assert clinic.access.actor(token).name == "Ana"
        with pytest.raises(AccessError):
            clinic.accounts.accept(code.strip(), "a quite new long password 8")
