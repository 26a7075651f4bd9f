"""Joining the modules of the page: every form that is read, every refusal by its words, and what must not change."""

import gzip
import re
import time

import brotli
import pytest

from myotome.web.bedside.bundle import bundle, bundles
from myotome.web.bedside.packing import File, taken
from myotome.web.bedside.pages import STARTS, pages
from myotome.web.bedside.script_names import names
from myotome.web.bedside.script_shorter import shorter
from myotome.web.bedside.script_tokens import ScriptError, squeezed, tokens


def test_the_page_itself_joins_and_every_start_is_in_it():
    """No module of the page is written in a way that cannot be joined; else the page would come in pieces."""
    assert pages().joined
    script = pages().files["visit.js"].plain.decode()
    assert not re.search(r'\}from"|import"\.|(?m:^export )', script)
    numbers = re.search(r"for\(const f of\[([$\d,]+)\]\)", script)[1].split(",")
    assert len(numbers) == len(STARTS)


def test_who_asks_for_the_modules_gets_them_one_by_one(monkeypatch):
    monkeypatch.setenv("MYOTOME_BEDSIDE", "modules")
    apart = pages()
    assert not apart.joined and "visit.js" not in apart.kept
    assert apart.starts == [apart.address("app.js"), apart.address("keep.js")]
    assert len(apart.kept) > 50 and "/atlas/atlas-js/hit.js" in apart.beside
    monkeypatch.delenv("MYOTOME_BEDSIDE")
    assert pages().version != apart.version


def joined(**scripts):
    return bundle({f"{name}.js": text for name, text in scripts.items()}, ["app.js"])


def test_every_form_of_import_and_export():
    script = joined(
        app='import { a, b as c } from "./x.js";\nimport * as all from "./y.js";\nimport "./z.js";\n'
        "export { a, c as d };\nexport async function go() { return [a, c, all]; }\n"
        "export class Box {}\nexport const ONE = 1, TWO = [a, 2];\n",
        x="export function a() {}\nconst b = 2;\nexport { b };\n",
        y='import { b } from "./x.js";\nexport const q = b;\n',
        z="window.z = 1;\n",
    )
    assert script == (
        "const $=f=>{let r;return()=>r??=f()||1};let $b,$a;"
        "const $0=$(()=>{function a(){}\nlet b=2;\n$a=a;$b=b;});\n"
        "const $1=$(()=>{$0();let q=$b;\nreturn{q}});\n"
        "const $2=$(()=>{window.z=1;\n});\n"
        "const $3=$(()=>{$0();const a=$1();$2();async function g(){return[$a,$b,a]}\n"
        "class B{}\nlet O=1,T=[$a,2];\n});\n"
        "for(const f of[$3])try{f()}catch(e){reportError(e)}\n"
    )


def test_what_is_asked_for_while_it_runs():
    script = bundle(
        {
            "app.js": 'const step = (name) => import(`./steps/${name}.js`);\nawait_(import("./late.js"));\n'
            "function await_() {}\n"
            'const other = () => import("/static/other.js");\nstep(other);\n',
            "late.js": "export const a = 1;\n",
            "steps/one.js": 'import { a } from "../late.js";\nexport const step = a;\n',
            "steps/two.js": "export const step = 2;\n",
            "steps/deep/three.js": "no;",
        },
        ["app.js"],
    )
    assert 'let s=name=>new Promise(y=>y({"one":$2,"two":$3}[name]()));' in script
    assert re.search(r"\((new Promise\(y=>y\(\$1\(\)\)\))\);function", script)
    assert re.findall(r"const (\$\d)=\$\(\(\)=>\{(?:let a=1|\$1\(\);let s=\$a|let s=2)", script) == [
        "$1",
        "$2",
        "$3",
    ]
    assert 'import("/static/other.js")' in script
    assert "no;" not in script


def test_what_is_wanted_later_is_a_second_script_that_takes_what_it_shares_from_the_first():
    scripts = {
        "app.js": 'import { a } from "./x.js";\nexport const now = a;\nexport const late = () => import("./end.js");\n',
        "end.js": 'import { a } from "./x.js";\nimport { own } from "./own.js";\nexport const end = [a, own];\n',
        "own.js": "export const own = 3;\n",
        "x.js": "export const a = 1;\nexport const b = 2;\n",
    }
    first, second = bundles(scripts, ["app.js"], None, ["end.js"], ("first.js", "second.js"))
    assert re.search(r'const (\$\d)=\(\)=>import\("./second.js"\)\.then\(m=>m\.\1\(\)\);', first)
    assert re.search(r"export\{\$,\$\d,\$a\}\n$", first) and "=3;" not in first
    assert re.match(r'import\{\$,\$\d,\$a\}from"./first.js";let \$o;const \$\d=', second)
    assert re.search(r"let e=\[\$a,\$o\];\nreturn\{end:e\}\}\);\nexport\{\$\d\}\n$", second)
    assert bundles({"app.js": "window.a = 1;\n"}, ["app.js"], None, ["app.js"])[1] == ""


def test_what_the_language_lets_one_leave_out_is_left_out():
    """A bracket, a ``;``, a line: not those that mean something."""
    written = (
        "export class Box {\n  #kept = [];\n  state = 1;\n  get(one) { if (one) return this.#kept; else ; }\n"
        "  async put(one) { for (const each of one) ; this.#kept.push((two) => two); }\n"
        "  const() { return ({}).const; }\n}\n"
        "export const run = async (one) => { while (one()) ; };\n"
    )
    script = joined(app=written).split("let $", 1)[-1]
    assert (
        "class B{#e=[];state=1;get(o){if(o)return this.#e;else;}async put(o){for(let e of o);this.#e.push(t=>t)}"
        "const(){return({}).const}}\nlet r=async o=>{while(o());};\n"
    ) in script


def test_texts_are_asked_for_by_their_place():
    scripts = {
        "texts.js": "export const t = (name) => name;\n",
        "app.js": 'import { t as say } from "./texts.js";\n'
        'say("a.b"); say(`a.${say}`); say.say("a.b"); window.say("a.b"); say(say ? "a.b" : "a.c"); const c = "a.b";\n',
    }
    script = bundle(scripts, ["app.js"], {"a.a": 0, "a.b": 1})
    assert '$t(1);$t(`a.${$t}`);$t.say("a.b");window.say("a.b");$t($t?"a.b":"a.c");let c="a.b";' in script
    with pytest.raises(ScriptError, match=r"app.js, line 2: a text named a.b, which texts/ does not have, is not"):
        bundle(scripts, ["app.js"], {"a.a": 0})


REFUSED = {
    "export default 1;": "app.js, line 1: `export default` is not understood here.",
    "\nexport let a = 1;": "app.js, line 2: `export let` is not understood here.",
    'export * from "./x.js";': "app.js, line 1: `export *` is not understood here.",
    'export { a } from "./x.js";': "app.js, line 1: `from` where `;` belongs is not understood here.",
    "export const { a } = b;": "app.js, line 1: `export` of something without a plain name",
    "export const a = 1\nconst b = 2;": "app.js, line 1: `export const` without a semicolon",
    'import a from "./x.js";': "app.js, line 1: `import` of a default",
    'const a = 1;\nimport "./x.js";': "app.js, line 2: `import` behind other code",
    "import(name);": "app.js, line 1: `import` of a made-up name",
    "import(`${name}.js`);": "app.js, line 1: `import` of a made-up name",
    "const a = import.meta.url;": "app.js, line 1: `import.` within other code",
    "await go();": "app.js, line 1: `await` outside a function",
    "const $own = 2;": "app.js, line 1: the name `$own`, which joining the modules gives itself,",
    "const $1 = 2;": "app.js, line 1: the name `$1`, which joining the modules gives itself,",
    'import { b } from "./x.js";': "app.js, line 1: `b`, which x.js does not export,",
    'import { a } from "./gone.js";': "app.js, line 1: there is no module gone.js. Mend the name.",
    'import("./gone.js");': "app.js, line 1: there is no module gone.js. Mend the name.",
    "unheard();": "app.js, line 1: `unheard` is declared nowhere in it, and no name of the browser that is known here.",
    "const a = {}\n/ 2;": "app.js, line 2: a slash after a brace",
    "const a = `b": "app.js, line 1: a template that does not end",
    "const a = [/b\n];": "app.js, line 1: a pattern that does not end on its line",
    "const a = () => {": "app.js: a brace is not closed.",
    "}": "app.js, line 1: a brace that closes nothing",
    "const a = @b;": "app.js, line 1: `@`",
    "class A { static { } }": "app.js, line 1: `static` with a block",
    "class A extends (b) { }": "app.js, line 1: a class made from something without a plain name",
}


@pytest.mark.parametrize("script", REFUSED)
def test_what_is_not_understood_is_refused_where_it_stands(script):
    with pytest.raises(ScriptError) as error:
        joined(app=script, x="export const a = 1;")
    assert str(error.value).startswith(REFUSED[script])


def test_a_ring_of_modules_is_refused_by_its_names():
    with pytest.raises(ScriptError) as error:
        joined(app='import "./x.js";', x='import "./y.js";', y='import { a } from "./x.js";')
    assert str(error.value) == "Modules that need each other: x.js → y.js → x.js. Move what they share into a third."
    # Asked for while it runs, it is there by then.
    assert "$1()" in joined(app='import "./x.js";', x='export const a = () => import("./app.js");')


@pytest.mark.parametrize(
    ("script", "small"),
    [
        ("const a = 1; // b\n/* c */ const d = 2;", "const a=1;const d=2;"),
        ("a = b\nc()", "a=b\nc()"),
        ("return\na", "return\na"),
        ("a\n  .b()\n  ?.c", "a.b()?.c"),
        ("a = b\n++c", "a=b\n++c"),
        ("a + +b - -c", "a+ +b- -c"),
        ("a = b / c / d; e = /[/]'/g.test(f)", "a=b/c/d;e=/[/]'/g.test(f)"),
        ("a = `b  ${c.map((d) => `  ${d}  // e`)}  f`;", "a=`b  ${c.map((d)=>`  ${d}  // e`)}  f`;"),
        ("typeof  a in  b", "typeof a in b"),
        ("a ? .5 : b ?. c", "a?.5:b?.c"),
        ("1 .toFixed()", "1 .toFixed()"),
    ],
)
def test_blanks_go_where_nothing_is_said_by_them(script, small):
    found = tokens(script, "a.js")
    assert squeezed(found) == small
    again = tokens(small, "a.js")
    assert [(one.kind, one.text) for one in again] == [(one.kind, one.text) for one in found]


def test_names_are_told_from_keys_members_and_methods():
    found = tokens(
        "class Box extends Big { #own = one; get value() { return this.#own; }\n"
        "put(two) { return { two, three: two, four() {} }; } }\n"
        "const { five, six: seven, eight = nine } = ten.eleven ? { twelve } : { thirteen: fourteen };\n"
        "switch (a) { case b: { c(); } }\nfor (const d of e?.f ?? []) `${{ g }.h}${i}`;",
        "a.js",
    )
    places = names("a.js", found)
    assert [found[place].text for place in places.plain] == [
        *("Box", "Big", "one", "two", "two", "seven", "nine", "ten", "fourteen", "a", "b", "c", "d", "e", "i"),
    ]
    assert [found[place].text for place in places.short] == ["two", "five", "eight", "twelve", "g"]


def test_a_shorter_name_is_one_words_only_and_the_browsers_stay():
    script = "const first = (name, other) => ({ first, name, other: other.first }); "
    script += "document.title = first(`${name}`, event);"
    made, now = shorter("a.js", tokens(script, "a.js"), {"imported": "", "given": "$g"})
    assert squeezed(made) == "const f=(name,o)=>({first:f,name,other:o.first});document.title=f(`${name}`,event);"
    assert now == {"first": "f", "other": "o", "imported": "i", "given": "$g"}
    # More words than letters: still no two alike, and none of the language or the browser.
    many = [f"word{n}" for n in range(3000)]
    made, now = shorter("a.js", tokens("".join(f"const {one} = 1;" for one in many), "a.js"), {})
    assert len(set(now.values())) == 3000
    assert not {"do", "if", "in", "of", "as"} & set(now.values())


def test_a_file_goes_as_the_browser_takes_it_best():
    file = File("text/css", b"a { color: red }" * 99)
    assert file.encoded("") == ("", file.plain)
    assert file.encoded("identity;q=1, gzip;q=0") == ("", file.plain)
    name, sent = file.encoded("gzip, deflate, br")  # what takes longer is begun, and nobody waits for it
    assert name in ("gzip", "br") and {"gzip": gzip, "br": brotli}[name].decompress(sent) == file.plain
    until = time.monotonic() + 10
    while file.encoded("gzip, br")[0] != "br":
        assert time.monotonic() < until
    assert brotli.decompress(file.encoded("gzip, br")[1]) == file.plain
    assert file.encoded("gzip")[0] == "gzip"
    assert taken("br;q=0.0, GZIP ; q=0.5,*;q=2, zstd") == {"gzip", "zstd"}
