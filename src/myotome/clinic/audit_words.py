"""Every kind of entry as a sentence that reads after a name; of an erased record only the act is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from myotome.clinic.entries.entry import Entry
from myotome.clinic.permissions import WORDS

Called = Callable[[str], str]  # the name of a member of staff or a device, by id

# What is said of an entry whose body nobody can read any more, and of one about which there is no more to say.
ACTS: Mapping[str, str] = {
    "clinic.founded": "founded the clinic",
    "clinic.changed": "changed the clinic's settings",
    "clinic.restored": "restored the record from a backup",
    "staff.joined": "joined the staff",
    "staff.invited": "invited somebody to the staff",
    "staff.changed": "changed somebody's name, roles or licence",
    "staff.left": "took somebody off the staff",
    "credential.changed": "changed a password or passkey",
    "session.began": "signed in",
    "session.ended": "ended a session",
    "session.refused": "was refused at sign-in",
    "access.refused": "tried what they may not do",
    "device.enrolled": "enrolled a device",
    "device.locked": "locked a device",
    "device.found": "took a locked device back into use",
    "review.given": "reviewed a safety row",
    "backup.made": "made a backup",
    "keys.rotated": "locked the record with a new master key",
    "keys.printed": "printed the master key on paper",
    "person.registered": "registered the person",
    "person.corrected": "corrected the person's details",
    "person.related": "added somebody who belongs to the person",
    "person.unrelated": "took away somebody who belonged to the person",
    "person.merged": "merged this record into another",
    "person.unmerged": "took a merge back",
    "person.parted": "erased a record that was once merged with this one",
    "person.opened": "opened the record after confirming two identifiers",
    "person.erased": "erased the record",
    "record.read": "looked at the record",
    "record.exported": "took the record out as a file",
    "erasure.asked": "asked for the record to be erased",
    "erasure.refused": "refused the erasure",
    "consent.given": "recorded a consent",
    "consent.withdrawn": "recorded that a consent was withdrawn",
    "visit.opened": "opened a visit",
    "visit.signed": "signed the note of a visit",
    "visit.cosigned": "co-signed the note of a visit",
    "visit.moved": "moved a visit to another person",
    "visit.struck": "struck a visit as entered in error",
    "visit.amended": "wrote an amendment to a signed note",
    "hypothesis.recorded": "wrote down a hypothesis",
    "examination.recorded": "recorded an examination",
    "explanation.frozen": "had the findings explained",
    "plan.frozen": "had a plan made",
    "screening.answered": "recorded the answer to a question",
    "screening.unchanged": "recorded that nothing has changed",
    "case.told": "recorded something told by the person",
    "finding.recorded": "recorded a finding",
    "explanation.judged": "said whether they agree with the explanation",
    "plan.changed": "changed the plan",
    "plan.ordered": "ordered the positions of the plan",
    "plan.taken": "took the plan to needle",
    "packet.opened": "recorded from which packet needles come",
    "needle.in": "recorded a needle in",
    "needle.response": "recorded the response to a needle",
    "needle.noted": "noted something of a needle",
    "needles.timed": "recorded how long needles are to stay in",
    "needle.out": "recorded needles out",
    "needle.unused": "recorded needles that were opened and not used",
    "needles.removed": "recorded that all needles were removed at once",
    "sharps.counted": "counted the needles in the sharps container",
    "incident.written": "wrote an incident",
    "needled.against": "wrote why needles went in against what the software said",
    "adverse.recorded": "recorded a harm",
    "checkin.made": "asked the person how they are",
    "score.recorded": "recorded a score",
    "alongside.recorded": "recorded what else is done",
    "aftercare.given": "gave advice for afterwards",
    "followup.planned": "planned when the person comes again",
    "remark.written": "wrote a remark",
    "entry.taken-back": "took an entry back",
}


CREDENTIALS = {
    "password set": "set the password",
    "passkey added": "added a passkey",
    "passkey removed": "removed a passkey",
    "all removed": "removed the password and every passkey",
}


def sentence(kind: str, entry: Entry | None, called: Called) -> str:
    """What was done, to be read after the name of who did it; ``entry`` is None once it was erased."""
    act = ACTS.get(kind, f"recorded '{kind}'")
    if entry is None:
        return f"{act} (erased since)"
    more = MORE.get(kind)
    said = more(entry, called) if more else act
    return f"{said}, for {called(entry.on_behalf)}" if entry.on_behalf else said


def _roles(roles: Any) -> str:
    return ", ".join(WORDS.get(role, role) for role in roles)


def _changed(entry: Any, called: Called) -> str:
    told = [f"roles to {_roles(entry.roles)}"] if entry.roles else []
    told += [name for name in ("name", "licence") if getattr(entry, name) is not None]
    return f"changed {called(entry.staff)}: {', '.join(told)}"


def _settings(entry: Any, _: Called) -> str:
    told = [name for name in ("name", "place", "zone", "offers") if getattr(entry, name) is not None]
    return f"changed the clinic's settings: {', '.join(told)}"


def _corrected(entry: Any, _: Called) -> str:
    fields = entry.model_dump(exclude_none=True, exclude={"reason", "on_behalf"})
    return f"corrected the person's details: {', '.join(name.replace('_', ' ') for name in fields)}"


def _erased(entry: Any, called: Called) -> str:
    asked = f", asked for by {called(entry.asked_by)}" if entry.asked_by else ""
    law = f" (before the period of retention was over: {entry.law})" if entry.law else ""
    return f"erased the record for good{asked}: {entry.reason}{law}"


def _restored(entry: Any, _: Called) -> str:
    lost = f"; what was recorded from there to row {entry.lost_to} is lost" if entry.lost_to else ""
    again = f"; {len(entry.erased)} erased again" if entry.erased else ""
    return f"restored the record from a backup that ended at row {entry.position}{lost}{again}"


def _reviewed(entry: Any, _: Called) -> str:
    why = f": {entry.reason}" if entry.reason else ""
    return f"{entry.verdict} the safety row '{entry.row}' of '{entry.table}'{why}"


MORE: Mapping[str, Callable[[Any, Called], str]] = {
    "clinic.founded": lambda e, _: f"founded the clinic '{e.name}'" + (" for demonstration" if e.demonstration else ""),
    "clinic.changed": _settings,
    "clinic.restored": _restored,
    "staff.joined": lambda e, c: f"joined the staff as {_roles(e.roles)}",
    "staff.invited": lambda e, c: f"invited {e.name} as {_roles(e.roles)}",
    "staff.changed": _changed,
    "staff.left": lambda e, c: f"took {c(e.staff)} off the staff",
    "credential.changed": lambda e, c: f"{CREDENTIALS[e.what]} of {c(e.staff)}",
    "session.began": lambda e, _: f"signed in by {e.method}",
    "session.ended": lambda e, c: f"ended a session of {c(e.staff)}: {e.why}",
    "session.refused": lambda e, c: f"was refused at sign-in{f' as {c(e.staff)}' if e.staff else ''}: {e.why}",
    "access.refused": lambda e, _: f"tried what they may not do: {e.act}",
    "device.enrolled": lambda e, _: f"enrolled the device '{e.name}'",
    "device.locked": lambda e, c: f"locked the device '{c(e.device)}'",
    "device.found": lambda e, c: f"took the device '{c(e.device)}', which was locked, back into use",
    "review.given": _reviewed,
    "backup.made": lambda e, _: f"made a backup up to row {e.head.partition(':')[0]}",
    "keys.rotated": lambda e, _: f"locked the record with the new master key {e.master}",
    "person.corrected": _corrected,
    "person.related": lambda e, _: f"added a {e.relation} of the person",
    "person.merged": lambda e, _: f"merged this record into {e.into}",
    "person.unmerged": lambda e, _: f"took the merge into {e.was} back",
    "person.parted": lambda e, _: f"erased the record {e.other}, which was once merged with this one",
    "person.opened": lambda e, _: f"opened the record after confirming {' and '.join(e.identifiers)}",
    "person.erased": _erased,
    "record.read": lambda e, _: f"looked at the record: {e.what}",
    "record.exported": lambda e, _: f"took the record out as a file: {e.what} ({e.format.upper()})",
    "consent.given": lambda e, _: (
        f"recorded a consent to {e.treatment}, signed by " + ("the guardian" if e.by == "guardian" else "the person")
    ),
    "visit.opened": lambda e, _: f"opened a visit of {e.day.isoformat()}",
    "visit.signed": lambda e, _: f"signed the note of a visit with their {e.method}",
    "visit.cosigned": lambda e, _: f"co-signed the note of a visit with their {e.method}",
    "visit.moved": lambda e, _: f"moved a visit to the record of {e.to}",
}
