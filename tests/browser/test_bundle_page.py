"""The page as one script is the page as its modules: what the joining must not change, seen in a real browser."""

import os
import re

from myotome.web.bedside.bundle import bundle
from myotome.web.bedside.pages import STARTS
from tests.browser.tablet import step

# Each form that the reader knows, and what a careless one would break; each writes what it found into `told`.
MODULES = {
    "app.js": """
import { add as plus, Box } from "./sum.js";
import * as all from "./sum.js";
import "./first.js";
import { last, outer as again } from "./again.js";
const order = globalThis.told;
const name = "own", rows = [1, 2, 3];
export const one = 1, two = plus(one, 1);
const nested = `a  ${rows.map((row) => `  ${row} // no remark  `).join("/* nor this */")}  b`;
order.push("app", plus(2, 3), two, nested, last, again.inner, Object.keys(all).sort().join());
const box = new Box({ one, two: 3 });
order.push(box.value, box.sum(), Box.made, box.constructor.length, String(box));
const choice = (given) => (given ? { name, given } : { name: "none", [`key${one}`]: given, two });
order.push(JSON.stringify([choice(5), choice(0)]), typeof plus);
try { null.member; } catch (wrong) { order.push(wrong.name); }
for (const row of rows) for (const [at, twice] of [[row, row * 2]]) { if (at > 2) break; order.push(at / twice / 2); }
const { one: renamed = 9, three = renamed, ...rest } = { four: 4, five: 5 };
order.push(renamed, three, JSON.stringify(rest), /[/"'`]+\\d{2}/g.test("/'12"), rows.at(-1) - -1, + +"7");
function late(value, { deep: [first, second = first] = [1] } = {}) {
  return [value, first, second, arguments.length].join();
}
order.push(late(1), late(2, { deep: [3] }));
switch (one) {
  case two: { order.push("two"); break; }
  case one: { order.push({ one }.one); }
  default: order.push("fell");
}
const load = (name) => import(`./steps/${name}.js`);
const last_ = await_();
async function await_() {
  const { step } = await load("needle"), same = await load("needle"), { step: other } = await load("close");
  order.push(step.title, same.step === step, other.title);
  const wrong = await import("./broken.js").catch((error) => error.message);
  order.push(wrong, this === undefined);
}
last_.then(() => { document.title = "done"; });
""",
    "first.js": 'globalThis.told = ["first"];\nconst missing = 1;\nglobalThis.told.push(missing)\n',
    "sum.js": """import "./first.js";
globalThis.told.push("sum");
export function add(a, b = 0) { return a + b; }
const Hidden = class { #kept; static made = 0; constructor({ one, two }) { this.#kept = { one, two }; Hidden.made++; }
  get value() { const { one, two } = this.#kept; return one + two; }
  sum(...more) { return more.reduce((all, one) => all + one, this.value); }
  toString() { return `box ${this.value}`; }
};
export { Hidden as Box };
""",
    "again.js": 'import { add } from "./sum.js";\nexport const last = add("la", "st");\n'
    "export const outer = { inner: add(1) };\n",
    "steps/needle.js": 'import { last } from "../again.js";\nglobalThis.told.push("needle");\n'
    "export const step = { title: `Needle ${last}` };\n",
    "steps/close.js": 'globalThis.told.push("close");\nexport const step = { title: "Close" };\n',
    "broken.js": 'throw new Error("broken on purpose");\n',
}


def told(browser, files):
    page = browser.new_page()
    page.route(
        "http://joined.test/**", lambda route: route.fulfill(**answer(files, route.request.url.split("test/")[1]))
    )
    page.goto("http://joined.test/")
    page.wait_for_function("document.title === 'done'")
    found = page.evaluate("told")
    page.close()
    return found


def answer(files, path):
    if not path:
        return {"body": '<script type="module" src="app.js"></script>', "content_type": "text/html"}
    return {"body": files[path], "content_type": "text/javascript"}


def test_one_script_does_what_its_modules_do(browser):
    apart = told(browser, MODULES)
    whole = told(browser, {"app.js": bundle(MODULES, ["app.js"])})
    assert whole == apart
    assert len(apart) > 30 and apart[:3] == ["first", 1, "sum"]


# One of them, unless MYOTOME_STEPS asks for all.
STEPS = ("screen", "explain", "plan", "close", "needle", "examine")


def frozen(page):
    """What stands on the page once it stands still, without what is never the same: ids and times."""
    changing = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+:\d\d(:\d\d)?|\d+ ms|data-(ms|clinic)=\S+")
    text = ""
    for _ in range(30):
        page.wait_for_timeout(200)
        before, text = text, changing.sub("·", page.evaluate("document.querySelector('#visit').outerHTML"))
        if text == before:
            return text
    raise AssertionError("The page does not come to rest.")


def in_pieces(route):
    """The page as with `MYOTOME_BEDSIDE=modules`."""
    answer = route.fetch()
    starts = "".join(f'<script type="module" src="/bedside/static/{name}"></script>' for name in STARTS)
    text, times = re.subn(r'<script type="module" src="[^"]*/visit.js"></script>', starts, answer.text())
    assert times == 1
    route.fulfill(response=answer, body=text)


def test_every_step_is_the_same_from_one_script_and_from_modules(room, on_tablet):
    found, visit = {}, room.planned()
    for way in ("joined", "modules"):
        page = on_tablet(visit, "screen", service_workers="block")
        if way == "modules":
            page.route(re.compile(rf"/bedside/{visit}$"), in_pieces)
            page.reload()
        page.wait_for_selector('.tab[title="Questions must be asked first."]')  # the clinic has thought
        page.wait_for_selector(".tab[data-step=close][data-state=lacks]")  # the second script is here
        scripts = page.evaluate("performance.getEntriesByType('resource').filter((e) => e.name.endsWith('.js'))")
        assert len(scripts) < 3 if way == "joined" else len(scripts) > 30
        found[way] = {}
        for name in STEPS if os.environ.get("MYOTOME_STEPS") else STEPS[-1:]:
            step(page, name)
            found[way][name] = frozen(page)
        page.context.close()
    for name, text in found["joined"].items():
        assert text.split(">") == found["modules"][name].split(">"), name
        assert len(text) > 2000
