"""Parse the command line; each command is imported only when it is asked for."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from myotome.cli import clinic_options, cohort_options

PROFILES = "emg, textbook or gunn"


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="myotome",
        description="Examine, explain, plan: from findings to segment, nerve or local cause, and to points to needle.",
        epilog="Not clinically reviewed: not for use on patients. It supports a qualified practitioner.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    clinic_options.serve(commands)
    explain = commands.add_parser("explain", help="explain one or more case files")
    explain.add_argument("cases", nargs="+", metavar="CASE.yaml", help="case file, or - for standard input")
    explain.add_argument("--json", action="store_true", help="one line of JSON for each file")
    explain.add_argument("--profile", default="emg", help=f"which sources to believe: {PROFILES}")
    explain.add_argument("--quick", action="store_true", help="leave out next tests and intervals")
    _needling(commands)
    _looking_up(commands)
    _simulating(commands)
    clinic_options.upkeep(commands)
    return top


def _needling(commands: Any) -> None:
    """The commands about needling: a plan, its pages, what is known."""
    plan = commands.add_parser("plan", help="the points to needle, each with a reason, a needle and a safety rule")
    _planning(plan)
    plan.add_argument("--json", action="store_true", help="one line of JSON")
    report = commands.add_parser("report", help="a page for the practitioner and a page for the patient")
    _planning(report)
    report.add_argument("-o", "--output", required=True, metavar="FILE", help="report.pdf or report.html")
    report.add_argument("--paper", default="A4", help="A4 or Letter")
    evidence = commands.add_parser("evidence", help="what is known of a condition, and of every claim made")
    evidence.add_argument("condition", nargs="*", help="such as: tennis elbow; acupuncture; nothing lists all")
    evidence.add_argument("--json", action="store_true", help="as JSON")


def _looking_up(commands: Any) -> None:
    """The commands that show what the tables hold."""
    vocabulary = commands.add_parser("vocabulary", help="every sign, site, test and screening item by name")
    vocabulary.add_argument("words", nargs="*", help="only entries that contain these words")
    vocabulary.add_argument("--json", action="store_true", help="as JSON")
    anatomy = commands.add_parser("anatomy", help="look up a muscle, segment, nerve, skin patch or reflex")
    anatomy.add_argument("name", nargs="+", help="such as: soleus, C6, median nerve at wrist, little finger")
    anatomy.add_argument("--profile", default="emg", help=f"which sources to believe: {PROFILES}")
    atlas = commands.add_parser("atlas", help="the body in the browser, or one plate as SVG")
    atlas.add_argument("case", nargs="?", metavar="CASE.yaml", help="show the findings of this case on it")
    atlas.add_argument("--svg", metavar="PLATE", help="write one plate instead: front, back, hand-palm ...")
    atlas.add_argument("-o", "--output", metavar="FILE", help="file for --svg; standard output where missing")
    atlas.add_argument("--layer", help="surface, middle, deep, deepest or bones")
    atlas.add_argument("--side", default="right", help="of a plate that shows one side: right or left")
    atlas.add_argument("--overlay", help="dermatomes, myotomes, segment:C6 or nerve:sural nerve")
    atlas.add_argument("--theme", default="light", help="light or dark")
    atlas.add_argument("--profile", default="emg", help=f"which sources to believe: {PROFILES}")
    atlas.add_argument("--port", type=int, default=0, help="port on this machine; a free one where missing")
    atlas.add_argument("--no-browser", action="store_true", help="only print the address")
    demo = commands.add_parser("demo", help="explain published examinations, one line each")
    demo.add_argument("folder", nargs="?", default="examples", help="folder with case files")


def _simulating(commands: Any) -> None:
    """The commands that follow simulated people."""
    mechanism = commands.add_parser("mechanism", help="the theory made to run: an explorable page in the browser")
    mechanism.add_argument("--port", type=int, default=0, help="port on this machine; a free one where missing")
    mechanism.add_argument("--no-browser", action="store_true", help="only print the address")
    simulate = commands.add_parser("simulate", help="one simulated person under several schedules: table and figure")
    simulate.add_argument("scenario", metavar="SCENARIO.yaml", help="scenario file, or - for standard input")
    simulate.add_argument("-o", "--output", metavar="FIGURE", help="draw the curves: figure.svg, .png or .pdf")
    simulate.add_argument("--json", action="store_true", help="outcomes and curves as one line of JSON")
    forecast = commands.add_parser("forecast", help="what a simulated person like this would do next: pain by week")
    forecast.add_argument("course", metavar="COURSE.yaml", help="course file, or - for standard input")
    forecast.add_argument("-o", "--output", metavar="FIGURE", help="draw the band: figure.svg, .png or .pdf")
    forecast.add_argument("--json", action="store_true", help="the forecast as one line of JSON")
    figures = commands.add_parser("figures", help="remake the figures of the mechanism")
    figures.add_argument("names", nargs="*", metavar="NAME", help="only these; all where missing")
    figures.add_argument("-o", "--output", default="docs/figures/mechanism", metavar="FOLDER", help="where to")
    figures.add_argument("--format", default="svg", choices=("svg", "png", "pdf"), help="kind of file")
    cohort_options.add(
        commands.add_parser("cohort", help="many simulated people, followed for weeks, as Parquet files")
    )


def _planning(command: argparse.ArgumentParser) -> None:
    """What planning a case can be told."""
    command.add_argument("case", metavar="CASE.yaml", help="case file, or - for standard input")
    command.add_argument("--on", metavar="DATE", help="day of the visit where the file does not say; today if missing")
    point = "'NAME, SIDE'"
    command.add_argument("--add", action="append", default=[], metavar=point, help="add a point; the rules answer")
    command.add_argument("--remove", action="append", default=[], metavar=point, help="take a point out")
    command.add_argument("--order", metavar="'NAME, SIDE; ...'", help="the points to begin with, in this order")
    command.add_argument("--profile", default="emg", help=f"which sources to believe: {PROFILES}")


def run(arguments: list[str] | None, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Run one command; ``doors`` holds what only the wiring can give. Returns the exit status."""
    chosen = parser().parse_args(arguments)
    doors["tables"]()
    module = import_module(f"myotome.cli.{chosen.command}")
    status: int = module.run(chosen, doors)
    return status
