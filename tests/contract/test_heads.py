import json
import secrets
from datetime import timedelta

import pytest

from myotome.errors import RecordError
from myotome.records.chain import read_head, sign
from myotome.records.event import CLINIC, ERASED
from myotome.records.heads import (
    beside,
    bury,
    export_head,
    heads_in,
    public_key,
    signature_of,
    signer_of,
    tombstone_file,
    tombstones_in,
)
from tests.stores import KINDS, START, draft, open_ledger, with_people

pytestmark = pytest.mark.enable_socket
both = pytest.mark.parametrize("kind", KINDS)


def erase(ledger, person, now=START, reason="asked-for"):
    """As the clinic does it: event, keys and states in one transaction; returns the names of the keys."""
    with ledger.writing(now) as record:
        keys = record.keys.owned_by(person)
        record.append(draft(person, kind=ERASED, key=CLINIC, body={"keys": keys, "reason": reason}))
        record.forget(person, keys)
    return keys


def signer(ledger):
    with ledger.reading() as record:
        return signer_of(record)


@both
def test_a_head_is_exported_once_a_day(kind, tmp_path):
    heads = tmp_path / "heads"
    with open_ledger(kind, tmp_path) as (ledger, _, _):
        with_people(ledger, people=1)
        first = export_head(ledger, heads, START)
        assert first.name == "head-main-000000000005-2026-03-01.json"
        assert first.stat().st_mode & 0o777 == 0o600
        assert read_head(first.read_text()) == heads_in(heads, "main", signer(ledger))[0] == ledger.head(START)
        with_people(ledger, people=1)
        assert export_head(ledger, heads, START + timedelta(hours=5)) == first
        assert export_head(ledger, heads, START, force=True).name == "head-main-000000000010-2026-03-01.json"
        assert export_head(ledger, heads, START + timedelta(days=1)).name == "head-main-000000000010-2026-03-02.json"
        assert [head.position for head in heads_in(heads, "main")] == [5, 10, 10]
        assert heads_in(heads, "mai") == heads_in(tmp_path / "none", "main") == []
        assert (beside(ledger.database) is None) == (kind == "postgresql")


def test_heads_of_a_clinic_whose_name_begins_another_are_kept_apart(tmp_path):
    for clinic in ("main", "main-2"):
        with open_ledger("sqlite", tmp_path, clinic) as (ledger, _, _):
            export_head(ledger, tmp_path, START)
    assert [head.clinic for head in heads_in(tmp_path, "main")] == ["main"]


def test_a_damaged_or_foreign_head_is_named(tmp_path):
    with open_ledger("sqlite", tmp_path) as (ledger, _, _):
        file, key = export_head(ledger, tmp_path, START), signer(ledger)
    good = file.read_text()
    for bad in (good.replace('"position": 0', '"position": 7'), good[:-20], "", "5:" + "ab" * 16):
        file.write_text(bad)
        with pytest.raises(RecordError, match=f"{file.name}.*(damaged|not signed by clinic main)"):
            heads_in(tmp_path, "main")
    file.write_text(sign("main", 9, b"x" * 32, "2026-03-01", secrets.token_bytes(32)).as_json())
    with pytest.raises(RecordError, match=f"{file.name} was not signed by clinic main. Put it aside"):
        heads_in(tmp_path, "main", key)


@both
def test_an_erasure_is_buried_once_and_made_up_for_at_the_next_opening(kind, tmp_path):
    heads = tmp_path / "heads"
    with open_ledger(kind, tmp_path) as (ledger, _, _):
        people = with_people(ledger, people=3)
        assert bury(ledger, heads, START) == []
        assert not heads.exists()
        keys = erase(ledger, people[0])
        stone = bury(ledger, heads, START)[0]
        assert (stone.person, list(stone.keys), stone.position) == (people[0], keys, 16)
        assert (stone.number, stone.reason, stone.erased_at) == (1, "asked-for", "2026-03-01T09:00:00.000000Z")
        assert len(keys) == 3
        erase(ledger, people[1], reason="her husband Karl asked for it")  # and then the power fails
        assert [stone.person for stone in bury(ledger, heads, START)] == [people[1]]
        assert bury(ledger, heads, START) == []
        written = tombstones_in(heads, "main", signer(ledger))
        assert [stone.person for stone in written] == people[:2]
        file = tombstone_file(heads, "main")
        assert "Karl" not in file.read_text()
        assert file.stat().st_mode & 0o777 == 0o600
        whole = file.read_bytes()
        file.write_bytes(whole[:-30])  # the power fails while it is written
        assert tombstones_in(heads, "main", signer(ledger)) == written[:1]
        bury(ledger, heads, START)
        assert file.read_bytes() == whole
        file.unlink()  # another folder is chosen
        assert bury(ledger, heads, START) == written
        assert file.read_bytes() == whole


@pytest.fixture
def buried(tmp_path):
    """A clinic's folder with three tombstones: (folder, file, lines, public key)."""
    with open_ledger("sqlite", tmp_path) as (ledger, _, _):
        for person in with_people(ledger, people=3, visits=1):
            erase(ledger, person)
        bury(ledger, tmp_path, START)
        file = tombstone_file(tmp_path, "main")
        yield tmp_path, file, file.read_bytes().splitlines(keepends=True), signer(ledger)


@pytest.mark.parametrize(
    ("order", "line"), [((0, 2), 2), ((1, 2), 1), ((0, 2, 1), 2), ((0, 0, 1, 2), 2), ((0, 1, 2, 1), 4)]
)
def test_a_tombstone_taken_out_moved_or_repeated_is_named(buried, order, line):
    folder, file, lines, key = buried
    file.write_bytes(b"".join(lines[number] for number in order))
    with pytest.raises(RecordError, match=f"Line {line} of .*tombstones-main.jsonl is not the tombstone"):
        tombstones_in(folder, "main", key)


def test_a_changed_byte_of_a_tombstone_is_named(buried):
    folder, file, lines, key = buried
    for at in range(len(lines[1]) - 1):
        changed = bytearray(lines[1])
        changed[at] ^= 1
        file.write_bytes(lines[0] + bytes(changed) + lines[2])
        with pytest.raises(RecordError, match=r"Line [23] of"):
            tombstones_in(folder, "main", key)


def test_nobody_without_the_clinics_key_can_make_a_tombstone(buried):
    """Harm: a forged line would destroy somebody's keys at the next restore."""
    folder, file, lines, key = buried
    mine = secrets.token_bytes(32)
    forged = {**json.loads(lines[2]), "number": 4, "person": "somebody", "keys": ["somebody"]}
    forged.pop("signature")
    stranger = {**forged, "signer": public_key(mine)}
    for line in (
        {**forged, "signature": json.loads(lines[2])["signature"]},
        {**forged, "signature": signature_of(forged, mine)},
        {**stranger, "signature": signature_of(stranger, mine)},
        {"number": 4},
        [],
    ):
        file.write_bytes(b"".join(lines) + json.dumps(line).encode() + b"\n")
        with pytest.raises(RecordError, match="Line 4 of"):
            tombstones_in(folder, "main", key)
    with pytest.raises(RecordError, match="Line 1 of"):
        tombstones_in(folder, "main", public_key(mine))


def test_a_folder_that_cannot_be_written_says_what_to_do(tmp_path):
    with open_ledger("sqlite", tmp_path) as (ledger, _, _):
        erase(ledger, with_people(ledger, people=1)[0])
        (tmp_path / "taken").write_text("")
        with pytest.raises(
            RecordError, match=r"could not be written \(.*The person is erased in the record, but a.*start"
        ):
            bury(ledger, tmp_path / "taken", START)
        with pytest.raises(RecordError, match="could not be written"):
            export_head(ledger, tmp_path / "taken", START)
