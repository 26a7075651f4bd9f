"""The fold in the browser says what the fold at the clinic says, word for word."""

import json
import random
from dataclasses import asdict
from html import escape
from pathlib import Path

import pytest

import myotome.web
from myotome.care.session.ledger import ledger
from myotome.care.session.values import values
from myotome.web.bedside.texts import embedded
from tests.taps import Visit, drawn, soup

STATIC = Path(myotome.web.__file__).parent / "bedside" / "static"
HERE = "http://bedside.test"
TEXTS = f'<meta id="texts" content="{escape(embedded())}">'
FOLDED = """async sets => {
  const { answers, fold } = await import("/fold.js");
  const id = entry => entry?.id ?? null, ids = list => list.map(id);
  const keys = list => list.map(one => [one.kind, one.key]);
  const noted = value => value && [value.heads[0].body, value.conflict, ids(value.heads)];
  return JSON.stringify(JSON.parse(sets).map(entries => {
    const view = fold(entries), told = view.ledger;
    const all = [...view.values].map(([kind, found]) => [kind, [...found].map(([key, value]) =>
      [key, ids(value.heads), value.conflict, ids(value.differing)])]);
    const insertions = told.insertions.map(one => [
      one.id, one.needle, one.point, one.side, one.made, one.how, id(one.endedBy), one.removed, one.reconcile,
      noted(one.response), Object.entries(one.notes).map(([what, value]) => [what, noted(value)])]);
    const { opened, everIn, unused, out, stillIn, toReconcile, inSharps, counts } = told;
    return {
      standing: ids(view.standing), late: ids(view.late), values: all, answers: Object.entries(answers(view)),
      conflicts: keys(view.conflicts), insertions, sharps: told.sharps, excused: told.excused, named: told.named.sort(),
      counts: [opened, everIn, unused, out, stillIn, toReconcile, inSharps, counts], needled: told.needled,
      missing: told.missing, settled: told.settled, differing: keys(told.conflicts),
    };
  }));
}"""


@pytest.fixture
def blank(browser):
    """An empty page that can load the bedside's modules."""
    page = browser.new_page()

    def answer(route):
        name = route.request.url.removeprefix(HERE + "/")
        if name.endswith(".js"):
            route.fulfill(path=STATIC / name, content_type="text/javascript")
        else:
            route.fulfill(body=f"<!doctype html><title>.</title>{TEXTS}", content_type="text/html")

    page.route(HERE + "/**", answer)
    page.goto(HERE + "/")
    yield page
    page.close()


def joined(key):
    return key if isinstance(key, str) else "\n".join(key)


def ids(entries):
    return [one.id for one in entries]


def keys(found):
    return [[one.kind, joined(one.key)] for one in found]


def noted(value):
    return value and [value.heads[0].body, value.conflict, ids(value.heads)]


def inserted(one):
    ended_by = one.ended_by.id if one.ended_by else None
    notes = [[what, noted(value)] for what, value in one.notes.items()]
    told = (one.id, one.needle, one.point, one.side, one.made, one.how, ended_by)
    return [*told, one.removed, one.to_reconcile, noted(one.response), notes]


def folded(entries):
    """What the clinic folds, as the page hands it out."""
    view, told = values(entries), ledger(entries)
    needles = (told.opened, told.ever_in, told.unused, told.out, told.still_in, told.to_reconcile)
    return {
        "standing": ids(view.entries),
        "late": ids(view.late),
        "values": [
            [kind, [[joined(key), ids(one.heads), one.conflict, ids(one.differing)] for key, one in found.items()]]
            for kind, found in view.found.items()
        ],
        "answers": [list(one) for one in view.answers().items()],
        "conflicts": keys(view.conflicts),
        "insertions": [inserted(one) for one in told.insertions],
        "counts": [*needles, told.in_sharps, list(told.counts)],
        "sharps": told.sharps,
        "excused": told.excused,
        "named": sorted(told.named),
        "needled": [list(one) for one in told.needled],
        "missing": list(told.missing()),
        "settled": told.settled,
        "differing": keys(told.conflicts),
    }


def test_page_and_clinic_fold_alike(blank):
    """The practitioner signs what the page shows; were the clinic to count otherwise, one of the two would lie."""
    visits = [Visit(drawn(seed, 20 + seed % 40)) for seed in range(120)]
    ended = [visit.ended().entries for visit in visits[::6]]
    sets = [visit.entries for visit in visits] + ended + [soup(seed) for seed in range(80)]
    for number, made in enumerate(sets):
        random.Random(number).shuffle(made)
    shown = json.loads(blank.evaluate(FOLDED, json.dumps([[asdict(one) for one in made] for made in sets])))
    for made, page in zip(sets, shown, strict=True):
        assert page == folded(made)
    said = {sentence.split()[-2] for page in shown for sentence in page["missing"]}
    assert sum(page["settled"] for page in shown) > 5 and len(said) > 3, "vacuous"


ASKED = """async () => {
  const { fold, insertionsOpen, valueOf, valuesOfKind } = await import("/fold.js");
  const { keyOf } = await import("/keys.js");
  let position = 0;
  const made = (id, kind, body) => ({ id, kind, body, by: "s", made: "2026-11-22T10:00Z", position: ++position });
  const point = { point: "procerus", side: "" };
  const finding = { sign: "pain", at: "neck", side: "left", result: "present" };
  const entries = [
    made("a", "finding.recorded", finding), made("b", "needle.in", { needle: "n", ...point }),
    made("c", "case.told", { part: "complaint", field: "area", value: "neck" }),
    made("d", "screening.unchanged", { since: "v", told: { implants: "none" } }),
    made("e", "plan.changed", { ...point, change: "add" }), made("f", "plan.taken", { points: [point] }),
    made("g", "plan.changed", { ...point, change: "remove" }), made("h", "entry.taken-back", { entry: "b" }),
    made("i", "entry.taken-back", { entry: "h" }), made("j", "entry.taken-back", { entry: "c" }),
    made("k", "needle.response", { insertion: "b", twitch: 2, sensation: "ache" }),
    made("l", "case.told", { part: "complaint", field: "side", value: "left" }),
    made("m", "case.told", { part: "complaint", field: "side", value: "right" }),
  ];
  const view = fold(entries), [open] = insertionsOpen(view);
  return {
    heads: view.headsOf("finding.recorded", finding).map(one => one.id), none: view.headsOf("remark.written", {}),
    key: keyOf(entries[0]), own: keyOf(entries[1]), single: keyOf(entries[5]),
    absent: valueOf(view, "finding.recorded", ["neck"]) === undefined,
    result: valueOf(view, "finding.recorded", ["pain", "neck", "left", "before"]).body.result,
    told: ["area", "side", "text"].map(field => view.told("complaint", field) ?? null), implants: view.told("implants"),
    plan: [view.plan.taken, view.plan.changes.map(one => one.change)], back: [...view.takenBack],
    open: [open.id, open.response.twitch, open.response.sensation, open.response.conflict, open.ended, open.reconcile],
    count: valuesOfKind(view, "plan.changed").length, empty: fold([]).ledger.missing,
  };
}"""


def test_steps_ask_the_view(blank):
    """What the steps of the page read off the view, besides the ledger."""
    assert blank.evaluate(ASKED) == {
        "heads": ["a"],
        "none": [],
        "key": "pain\nneck\nleft\nbefore",
        "own": "b",
        "single": "",
        "absent": True,
        "result": "present",
        "told": [None, None, None],  # the area was taken back, the side differs, the text was never told
        "implants": "none",
        "plan": [[{"point": "procerus", "side": ""}], ["remove"]],
        "back": [["h", ["i"]], ["c", ["j"]]],
        "open": ["b", 2, "ache", False, False, False],
        "count": 1,
        "empty": [],
    }
