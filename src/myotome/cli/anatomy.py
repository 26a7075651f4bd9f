"""``myotome anatomy NAME``: one muscle, segment, nerve, skin patch or reflex with its sources."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from myotome.anatomy import parts
from myotome.anatomy.innervation import Profile, profile, root_weights
from myotome.anatomy.routes import roots_of, upstream
from myotome.anatomy.tables import anatomy
from myotome.care.examination.levels import levels
from myotome.care.examination.vocabulary import vocabulary
from myotome.errors import UnknownNameError
from myotome.facts.provenance import Provenance
from myotome.facts.tables import sources

KINDS = ("muscle", "nerve", "patch", "reflex", "group", "area", "movement", "place", "test", "local", "plexus")
BAR = 10


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Print what the tables hold on one name; exit status 2 where no table knows it."""
    del doors
    name = " ".join(chosen.name)
    try:
        believed = profile(chosen.profile)
        found = look_up(name)
    except UnknownNameError as error:
        print(f"myotome: {error}", file=sys.stderr)
        return 2
    console = Console(highlight=False)
    for part in found:
        _show(console, part, believed)
    return 0


def look_up(name: str) -> list[parts.Part]:
    """The first kind of part that knows the name; a nerve gives all its stretches.

    Raises:
        UnknownNameError: no table knows it; carries the nearest names.
    """
    body, names = anatomy(), vocabulary().sites
    if segments := levels(name):
        return [body.segments[s] for s in segments]
    stretches = [s for s in body.stretches.values() if name.lower() in (s.name, *s.synonyms)]
    if stretches:
        return list(stretches)
    tables: dict[str, Mapping[str, parts.Part]] = {
        "muscle": body.muscles, "nerve": body.stretches, "patch": body.patches, "reflex": body.reflexes,
        "group": body.groups, "area": body.areas, "movement": body.movements, "place": body.places,
        "local": body.local, "plexus": body.plexus,
    }  # fmt: skip
    for kind, table in tables.items():
        if (known := names[kind].find(name)) and known in table:
            return [table[known]]
    along = [s for s in body.stretches.values() if s.name.startswith(name.lower())]
    if along:
        return list(along)
    near = tuple(dict.fromkeys(n for kind in tables for n in names[kind].near(name, 1)))[:4]
    raise UnknownNameError(
        f"'{name}' is in no table. Did you mean {' or '.join(near)}?" if near
        else f"'{name}' is in no table. See 'myotome vocabulary'.",
        near,
    )  # fmt: skip


def _show(console: Console, part: parts.Part, believed: Profile) -> None:
    console.print()
    title = Text(part.name, style="bold cyan")
    if part.synonyms:
        title.append(f"   also {', '.join(part.synonyms)}", style="not bold dim")
    console.print(title)
    match part:
        case parts.Muscle():
            _muscle(console, part, believed)
        case parts.Segment():
            _segment(console, part, believed)
        case parts.Stretch():
            _stretch(console, part)
        case parts.Patch():
            # Apart, as the reasoner reads them: a chart of dermatomes says nothing of nerves.
            segments = anatomy().segments
            _supplies(console, "Roots", tuple(s for s in part.supplies if s.supply in segments), believed)
            _supplies(console, "Nerves", tuple(s for s in part.supplies if s.supply not in segments), believed)
        case parts.Reflex():
            _lines(console, [("nerve", part.nerve or "none: it speaks of the cord or brain")])
            _supplies(console, "Roots", part.supplies, believed)
        case _:
            _lines(console, _facts_of(part))
    _source(console, part.provenance)


def _facts_of(part: parts.Part) -> list[tuple[str, str]]:
    """Label and text of the simpler kinds of part."""
    match part:
        case parts.Group():
            return [("movement", part.movement), ("muscles", ", ".join(part.members))]
        case parts.LocalCause():
            muscles, areas = ", ".join(part.muscles), ", ".join(part.areas)
            return [("in plain words", part.plain), ("muscles", muscles), ("felt at", areas)]
        case parts.Area():
            nerves = ", ".join(part.nerves) or "none"
            return [("segments", ", ".join(part.segments)), ("nerves", nerves), ("region", part.region)]
        case parts.Movement():
            degrees = f"{part.normal_degrees:g}°, limited below {part.limited_below:g}°"
            limits = ", ".join(part.local) or "nothing listed"
            return [("range", degrees if part.normal_degrees else "no fixed range"), ("limited by", limits)]
        case parts.PlexusLesion():
            return [("hits", ", ".join(f"{n} ({share:.0%})" for n, share in part.hits)), ("spared", part.spared)]
    return []


def _lines(console: Console, pairs: list[tuple[str, str]]) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", min_width=14)
    table.add_column()
    for label, value in pairs:
        table.add_row(label, value)
    console.print(Padding(table, (0, 2)))


def _muscle(console: Console, muscle: parts.Muscle, believed: Profile) -> None:
    routes = [" ← ".join(_route(s)) for s in muscle.supply]
    _lines(
        console,
        [
            ("region", f"{muscle.region}, {muscle.depth}"),
            ("action", muscle.action),
            ("tested by", muscle.movement),
            ("from, to", f"{muscle.origin}; {muscle.insertion}"),
            *[("nerve", route) for route in routes],
            ("identifier", muscle.identifier or "none found"),
        ],
    )
    _supplies(console, "Roots", muscle.innervation, believed)


def _route(stretch: str) -> list[str]:
    """One way up from the branch to the roots: the stretch, then what feeds it."""
    body, way = anatomy(), [stretch]
    while way[-1] in body.stretches and body.stretches[way[-1]].origins:
        origins = body.stretches[way[-1]].origins
        if all(o in body.segments for o in origins) or len(origins) > 1:
            way.append(", ".join(origins))
            break
        way.append(origins[0])
    return way


def _supplies(console: Console, title: str, supplies: tuple[parts.Supply, ...], believed: Profile) -> None:
    if not supplies:
        console.print(Padding(Text(f"{title}: none listed.", style="dim"), (0, 2)))
        return
    weights = root_weights(supplies, believed)
    console.print(Padding(Text(f"{title} ({believed.name} profile)", style="bold"), (0, 2)))
    table = Table.grid(padding=(0, 2))
    for name, strength in sorted(weights.items(), key=lambda w: -w[1].weight):
        said = [f"{_short(s)}: {s.role}{_count(s)}" for s in supplies if s.supply == name]
        bar = Text("█" * round(BAR * strength.weight), style="cyan")
        table.add_row(name, bar, f"{strength.weight:.2f}", Text("; ".join(said), style="dim"))
    console.print(Padding(table, (0, 4)))
    console.print(Padding(Text("Sources", style="bold"), (0, 2)))
    for provenance in {s.provenance.source: s.provenance for s in supplies}.values():
        _source(console, provenance)


def _count(supply: parts.Supply) -> str:
    return "" if supply.tested is None else f" ({supply.abnormal} of {supply.tested})"


def _short(supply: parts.Supply) -> str:
    known = sources().get(supply.provenance.source)
    if known is None:
        return supply.basis
    who = known.authors.split(",")[0].split(" et al")[0].strip() or known.title
    return f"{who} {known.year or ''}".strip() + f" ({supply.basis})"


def _source(console: Console, provenance: Provenance) -> None:
    known = sources().get(provenance.source)
    text = Text("· ", style="dim")
    text.append(provenance.source if known is None else known.citation)
    text.append(f"  [{provenance.grade}; {provenance.seen}]", style="dim")
    if provenance.quote:
        text.append(f" “{provenance.quote}”", style="italic dim")
    console.print(Padding(text, (0, 4)))


def _segment(console: Console, segment: parts.Segment, believed: Profile) -> None:
    body = anatomy()

    def supplied(table: Mapping[str, Any], field: str) -> str:
        found = []
        for name, part in table.items():
            weight = root_weights(getattr(part, field), believed).get(segment.name) if getattr(part, field) else None
            if weight and weight.weight >= 0.5:
                found.append((weight.weight, name))
        return ", ".join(name for _, name in sorted(found, key=lambda f: (-f[0], f[1]))) or "none"

    _lines(
        console,
        [
            ("felt behind", segment.posterior),
            ("landmark", segment.landmark),
            ("disc", segment.disc or "none"),
            ("muscles", supplied(body.muscles, "innervation")),
            ("skin", supplied(body.patches, "supplies")),
            ("reflexes", supplied(body.reflexes, "supplies")),
        ],
    )


def _stretch(console: Console, stretch: parts.Stretch) -> None:
    body = anatomy()
    below = [m.name for m in body.muscles.values() if any(stretch.name in upstream(s) for s in m.supply)]
    skin = [p.name for p in body.patches.values() if any(stretch.name in upstream(s.supply) for s in p.supplies)]
    _lines(
        console,
        [
            ("carries", stretch.carries),
            ("arises from", ", ".join(stretch.origins) or "the brain stem"),
            ("roots", ", ".join(s for s in body.segments if s in roots_of(stretch.name)) or "cranial"),
            ("muscles beyond", ", ".join(below) or "none"),
            ("skin beyond", ", ".join(dict.fromkeys(skin)) or "none"),
            *([("caught at", stretch.site), ("signs", stretch.signs)] if stretch.entrapment else []),
        ],
    )
