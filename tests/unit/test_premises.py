"""Where a clinic lives, how it is begun and opened, and what is refused before anything is made."""

import contextlib
import datetime

import pytest

from myotome.clinic.places import premises, record_file, unborn
from myotome.errors import RecordError
from myotome.premises import clear_demonstration, opened
from myotome.records.heads import heads_in
from myotome.records.instance import Instance
from myotome.records.ledger import clinics
from myotome.records.master import new_master, read_master, write_master
from tests.clinics import Clock, password_of
from tests.stores import database_url

pytestmark = pytest.mark.enable_socket  # PostgreSQL is asked over a socket


def begun(places, clock=None):
    """Open, or begin, as ``serve`` does."""
    return opened(places, lambda _: None, clock or Clock(), beginning=True)


def just(places):
    """Open, as the other commands do."""
    return opened(places, lambda _: None, Clock())


def founded(places, clock=None):
    """Begin a clinic with an owner; returns its name."""
    with begun(places, clock) as clinic:
        clinic.accounts.found("Practice", "DE", "Europe/Berlin", "Ana", "ana", password_of("ana"))
        return clinic.practice.ledger.clinic


@pytest.fixture
def places(tmp_path):
    return premises({"HOME": str(tmp_path / "home")}, str(tmp_path / "data"))


def test_the_usual_places_and_what_moves_them(tmp_path):
    home = {"HOME": str(tmp_path)}
    usual = premises(home)
    assert usual.url == f"sqlite:///{tmp_path}/.local/share/myotome/clinic.db"
    assert usual.key.parent == tmp_path / ".config" / "myotome" and usual.heads == usual.folder / "heads"
    xdg = premises({**home, "XDG_DATA_HOME": "/a", "XDG_CONFIG_HOME": "/b"})
    assert (str(xdg.folder), str(xdg.key.parent)) == ("/a/myotome", "/b/myotome")
    moved = {"MYOTOME_DATA": "/d", "MYOTOME_KEY": "/k", "MYOTOME_HEADS": "/h", "MYOTOME_DATABASE_URL": "postgresql://x"}
    told = premises({**home, **moved})
    assert (str(told.folder), str(told.key), str(told.heads), told.url) == ("/d", "/k", "/h", "postgresql://x")
    assert premises({**home, **moved}, "/e").folder.as_posix() == "/e"
    assert premises(home, "/e").key != premises(home, "/f").key, "clinics in different folders have different keys"
    shown = premises({**home, **moved}, demonstration=True)
    assert str(shown.folder) == "/d/demonstration" and record_file(shown.url) == shown.folder / "demonstration.db"
    for mine, theirs in ((shown.key, told.key), (shown.heads, told.heads), (shown.url, told.url)):
        assert mine != theirs and "demonstration" in str(mine)


def test_an_address_that_is_none_has_no_file(tmp_path):
    assert record_file("not an address") is None and record_file("sqlite://") is None
    with pytest.raises(RecordError, match="is not understood"), begun(premises({"MYOTOME_DATABASE_URL": "x:y"})):
        pass


def test_only_serve_begins_a_clinic(places):
    with pytest.raises(RecordError, match=r"There is no clinic at .*clinic\.db\. .* begin one: myotome serve"):
        just(places).__enter__()
    assert not places.folder.exists() and not places.key.exists()
    name = founded(places)
    with just(places) as clinic:
        assert clinic.practice.ledger.clinic == name


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_record_that_is_not_there_is_not_begun_again(kind, tmp_path):
    """Its disk may be missing: an empty clinic in its place would hide that."""
    home = {"HOME": str(tmp_path)}
    with database_url(kind, tmp_path) as url, database_url(kind, tmp_path) as empty:
        founded(premises({**home, "MYOTOME_DATABASE_URL": url}))
        gone = premises({**home, "MYOTOME_DATABASE_URL": empty})
        for opening in (begun, just):
            with pytest.raises(RecordError, match=r"but its master key is at .* myotome restore"):
                opening(gone).__enter__()
        file = record_file(empty)
        assert file is None or not file.exists()


def test_another_clinics_key_begins_no_second_clinic(places, tmp_path):
    name = founded(places)
    places.key.unlink()
    write_master(places.key, new_master("other", bytes))
    with pytest.raises(RecordError, match=f"belongs to clinic other; this record is of {name}"):
        begun(places).__enter__()
    places.key.unlink()
    with pytest.raises(RecordError, match="There is no master key at"):
        begun(places).__enter__()
    assert not places.key.exists()


def test_a_first_start_that_was_cut_short_is_brought_to_its_end(places, monkeypatch):
    """Killed after the clinic's keys were made, before the master key had its name."""

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(type(places.key), "replace", killed)
        patched.setattr("myotome.records.files.Path.replace", killed)
        with pytest.raises(KeyboardInterrupt):
            begun(places).__enter__()
    with monkeypatch.context() as patched:
        patched.setattr("myotome.premises.found", killed)
        with pytest.raises(KeyboardInterrupt):
            begun(places).__enter__()
    assert unborn(places).exists() and not places.key.exists()
    name = founded(places)
    places.key.rename(unborn(places))
    with begun(places) as clinic:
        assert clinic.practice.ledger.clinic == name == read_master(places.key).clinic
        assert clinics(clinic.practice.ledger.database) == [name]


def test_one_at_a_time(places):
    founded(places)
    with just(places), pytest.raises(RecordError, match="already open in another Myotome"):
        just(places).__enter__()
    with just(places):
        pass


def test_a_head_a_day_is_exported_by_any_opening_and_one_at_the_end(places):
    clock = Clock()
    name = founded(places, clock)
    assert heads_in(places.heads, name) == [], "nothing was recorded when it was opened"
    with begun(places, clock) as clinic:
        (head,) = heads_in(places.heads, name)
        token = clinic.access.sign_in("ana", password_of("ana"), "")
        clinic.access.sign_out(token)
        clinic.keeper.tick()
        assert heads_in(places.heads, name) == [head]
        clinic.keeper.close()
    assert [one.position for one in heads_in(places.heads, name)] == [head.position, head.position + 2]
    clock.now += datetime.timedelta(days=1)
    with opened(places, lambda _: None, clock):
        assert len(heads_in(places.heads, name)) == 3


def test_people_are_treated_though_the_disk_with_heads_is_missing(places, capsys):
    founded(places)
    places.heads.write_text("not a folder")
    with just(places) as clinic:
        assert clinic.accounts.is_founded()
    err = capsys.readouterr().err
    assert err.startswith("myotome: ") and "could not be written" in err and err.count("\n") == 1


def test_clearing_a_demonstration_touches_nothing_of_the_clinic(places, tmp_path):
    """An interrupted one goes with its key, heads and logs; one in use stays; a clinic is never cleared."""
    founded(places)
    shown = premises({"HOME": str(tmp_path / "home")}, str(places.folder), demonstration=True)
    founded(shown)
    with begun(shown) as clinic:
        clinic.keeper.close()
    with contextlib.closing(Held(record_file(shown.url))), pytest.raises(RecordError, match="already open"):
        clear_demonstration(shown)
    before = {file: file.read_bytes() for file in (record_file(places.url), places.key)}
    clear_demonstration(places)
    clear_demonstration(shown)
    assert {file: file.read_bytes() for file in before} == before
    assert not shown.key.exists() and not list(shown.heads.iterdir())
    assert [file.name for file in shown.folder.iterdir() if file.is_file()] == ["demonstration.db.lock"]
    clear_demonstration(shown)
    write_master(shown.key, new_master("left-behind", bytes))
    clear_demonstration(shown)
    assert founded(shown) != founded_name(places)


def founded_name(places):
    """The clinic that a master key belongs to."""
    return read_master(places.key).clinic


class Held:
    """A record that another Myotome has open."""

    def __init__(self, file):
        self.instance = Instance(file)

    def close(self):
        self.instance.release()
