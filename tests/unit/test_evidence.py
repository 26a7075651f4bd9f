import json
import re
from argparse import Namespace
from dataclasses import replace

import pytest

from myotome.anatomy.tables import anatomy
from myotome.care.evidence import claims as claims_module
from myotome.care.evidence import conditions as conditions_module
from myotome.care.evidence import harms as harms_module
from myotome.care.evidence import words as words_module
from myotome.care.evidence.claims import CORRECTED, MAKERS, claims
from myotome.care.evidence.compare import sections
from myotome.care.evidence.conditions import NO_TRIAL, conditions, expectation, find, for_area, results
from myotome.care.evidence.harms import for_regions, harms, in_words, reasons
from myotome.care.explanation.shape import NOTICE
from myotome.cli.case_files import REFUSED
from myotome.cli.evidence import run
from myotome.errors import FactError, UnknownNameError
from myotome.facts.tables import rows

ASKED_FOR = """
low back pain; neck pain; stiff neck; tension-type headache; migraine; neck-related headache; tennis elbow;
golfer's elbow; temporomandibular disorder; carpal tunnel syndrome; shoulder pain; rotator cuff tendon pain;
Achilles tendon pain; patellar tendon pain; plantar heel pain; sprained thumb; ligament sprains;
patellofemoral pain; knee osteoarthritis; hip pain; sciatica; greater trochanteric pain; fibromyalgia;
myofascial pain; post-stroke spasticity; spinal cord injury; Parkinson's disease; sports injury;
delayed muscle soreness
"""


def spoilt(monkeypatch, module, table, change):
    """Let a reader see its table with the first row changed."""

    def changed(here, pattern, name):
        for number, (where, row, provenance) in enumerate(rows(here, pattern, name)):
            yield where, {**row, **change} if name == table and number == 0 else row, provenance

    monkeypatch.setattr(module, "rows", changed)


# ---- claims


def test_every_claim_of_both_texts_and_of_myotome_is_in():
    made_by = [claim.made_by for claim in claims().values()]
    assert [made_by.count(maker) >= least for maker, least in zip(MAKERS, (45, 30, 8), strict=True)] == [True] * 3
    assert list(claims()) == [f"E{n:02d}" for n in range(1, len(claims()) + 1)]


@pytest.mark.parametrize(
    "journal", ["Orthopaedic", "Alternative and Complementary", "Journal of Pain found", "European"]
)
def test_the_four_named_studies_were_not_found(journal):
    (claim,) = [c for c in claims().values() if journal in c.claim]
    assert claim.standing == "not found"
    assert claim.provenance.is_judgement, "a study that was not found cannot be cited"


def test_corrections_stand_exactly_where_something_is_wrong():
    for claim in claims().values():
        assert bool(claim.correction) == (claim.standing in CORRECTED), claim.id
        assert claim.wording.endswith("."), claim.id


def test_the_contradicted_claims_are_the_dangerous_ones():
    contradicted = " ".join(c.claim for c in claims().values() if c.standing == "contradicted")
    for words in ("safe", "non-invasive", "should not be painful", "highly effective", "exactly what is behind"):
        assert words in contradicted


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("claim", {"standing": "true"}, "standing is 'true'; it must be one of"),
        ("claim", {"certainty": "sure"}, "certainty is 'sure'"),
        ("claim", {"made_by": "somebody"}, "made_by is 'somebody'"),
        ("claim", {"topic": "weather"}, "topic is 'weather'"),
        ("claim", {"standing": "contradicted", "correction": ""}, "a correction is given exactly where"),
        ("claim", {"standing": "supported", "correction": "No."}, "a correction is given exactly where"),
        ("claim", {"id": "12"}, "an id is E and two digits"),
        ("claim", {"id": "E02"}, "stands for one claim"),
        ("claim", {"wording": " "}, "must both say something"),
        ("support", {"claim": "E999"}, "support for E999, which is no claim"),
        ("support", {"direction": "sideways"}, "direction is for or against"),
    ],
)
def test_a_wrong_claim_is_refused(monkeypatch, table, change, words):
    spoilt(monkeypatch, claims_module, table, change)
    with pytest.raises(FactError, match=re.escape(words)):
        claims_module.claims.__wrapped__()


# ---- conditions and counts


@pytest.mark.parametrize("name", [name.strip() for name in ASKED_FOR.split(";")])
def test_every_condition_asked_for_is_found(name):
    assert find(name).known


def test_every_name_and_synonym_finds_its_own_condition():
    for condition in conditions().values():
        for name in (condition.name, *condition.synonyms):
            assert find(name) is condition, name
            assert find(f"  {name.upper()} ") is condition, name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("chronic low back pain", "low back pain"),
        ("elbow, tennis", "tennis elbow"),
        ("my bad left shoulder pain", "shoulder pain"),
        ("Parkinson’s disease", "Parkinson's disease"),
        ("headaches", "tension-type headache"),
    ],
)
def test_names_are_read_tolerantly(written, name):
    assert find(written).name == name


def test_an_unknown_condition_says_what_is_near():
    with pytest.raises(UnknownNameError, match="Did you mean tennis elbow") as caught:
        find("tenis elbo")
    assert caught.value.did_you_mean[0] == "tennis elbow"
    with pytest.raises(UnknownNameError, match="'myotome evidence'"):
        find("qqqq")


def test_a_count_is_told_with_its_sham_figure():
    sham, usual = expectation(find("tension-type headache"))
    assert "52" in sham
    assert "with sham needling 43" in sham
    assert "48" in usual
    assert "without needling 17" in usual
    assert NO_TRIAL[3:] in usual
    assert all("not of intramuscular stimulation" in sentence for sentence in (sham, usual))


def test_a_trial_that_speaks_against_needling_is_told_as_plainly():
    (only,) = expectation(find("Achilles tendonitis"))
    assert "70" in only
    assert "with sham needling 89; without needling 86" in only


def test_where_no_trial_gives_a_number_it_says_so():
    without = [c for c in conditions().values() if c.name not in results()]
    assert len(without) >= 15
    assert all(expectation(c) == (NO_TRIAL,) for c in without)


def test_conditions_of_an_area():
    assert [c.name for c in for_area("lateral elbow")] == ["tennis elbow"]
    assert {"neck pain"} <= {c.name for c in for_area("neck")}
    assert for_area("nowhere") == ()
    assert all(c in for_area(area) for c in conditions().values() for area in c.areas)
    assert sum(bool(for_area(area)) for area in anatomy().areas) >= len(anatomy().areas) / 2


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("condition", {"areas": ["moon"]}, "areas ['moon']"),
        ("condition", {"certainty": "sure"}, "certainty 'sure' not known"),
        ("condition", {"name": "neck pain"}, "a second row of the name"),
        ("finding", {"condition": "boredom"}, "a finding for boredom, which is no condition"),
        ("finding", {"direction": "both"}, "It is for or against"),
    ],
)
def test_a_wrong_condition_is_refused(monkeypatch, table, change, words):
    spoilt(monkeypatch, conditions_module, table, change)
    with pytest.raises(FactError, match=re.escape(words)):
        conditions_module.conditions.__wrapped__()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"condition": "boredom"}, "'boredom' is no condition"),
        ({"treatment": "tea"}, "treatment 'tea' is not one of"),
        ({"treated_per_100": 101}, "each lies between 0 and 100"),
        ({"sham_per_100": -2}, "each lies between 0 and 100"),
        ({"sham_per_100": -1, "usual_per_100": -1}, "A count without its comparison is not shown"),
    ],
)
def test_a_wrong_count_is_refused(monkeypatch, change, words):
    conditions()
    spoilt(monkeypatch, conditions_module, "result", change)
    with pytest.raises(FactError, match=re.escape(words)):
        conditions_module.results.__wrapped__()


# ---- harms


def test_several_studies_of_a_harm_stand_side_by_side():
    for name, least in (("any minor effect", 5), ("any serious harm", 4), ("bruise", 3), ("drowsiness", 2)):
        studies = [harm for harm in harms() if harm.name == name]
        assert len(studies) >= least, name
        assert len({harm.per_100 for harm in studies}) > 1, f"{name}: nothing differs"
    assert len(reasons()) >= 5


def test_patients_and_practitioners_are_both_heard():
    assert {"practitioners", "patients"} <= {harm.reported_by for harm in harms()}
    noted, told = (
        next(h.per_100[0] for h in harms() if h.name == "drowsiness" and h.reported_by == who)
        for who in ("practitioners", "patients")
    )
    assert told > 10 * noted


@pytest.mark.parametrize(
    ("per_100", "words"),
    [
        ((19.18, 19.18), "about 19 in 100 treatments"),
        ((0.26, 0.26), "about 3 in 1,000 treatments"),
        ((0.0977, 0.0977), "about 1 in 1,000 treatments"),
        ((0.000798, 0.000798), "about 8 in a million treatments"),
        ((0.0, 0.04), "none seen, which allows for up to 4 in 10,000 treatments"),
        ((1.0, 5.0), "between 1 in 100 and 5 in 100 treatments"),
        ((100.0, 100.0), "all treatments"),
        ((), "how often it happens is not known"),
    ],
)
def test_rates_in_words(per_100, words):
    assert words in in_words(replace(harms()[0], per_100=per_100, unit="treatments"))


def test_harms_of_a_region():
    assert "collapsed lung" in {harm.name for harm in for_regions(["thoracic wall"])}
    assert "collapsed lung" not in {harm.name for harm in for_regions(["foot"])}
    assert {harm.name for harm in harms() if not harm.regions} <= {harm.name for harm in for_regions([])}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"unit": "people"}, "unit 'people'"),
        ({"reported_by": "neighbours"}, "reported by 'neighbours'"),
        ({"regions": ["moon"]}, "regions ['moon']"),
        ({"per_100": [5, 1]}, "Give the lowest and highest of 100"),
        ({"per_100": [1]}, "Give the lowest and highest of 100"),
        ({"per_100": [1, 101]}, "Give the lowest and highest of 100"),
    ],
)
def test_a_wrong_harm_is_refused(monkeypatch, change, words):
    spoilt(monkeypatch, harms_module, "harm", change)
    with pytest.raises(FactError, match=re.escape(words)):
        harms_module.harms.__wrapped__()


@pytest.mark.parametrize("change", [{"forms": []}, {"instead": " "}, {"word": "cure"}])
def test_a_wrong_word_is_refused(monkeypatch, change):
    spoilt(monkeypatch, words_module, "word", change)
    with pytest.raises(FactError, match="without what to say instead"):
        words_module.forbidden_words.__wrapped__()


# ---- the command


def printed(capsys, *condition, as_json=False):
    status = run(Namespace(condition=list(condition), json=as_json), {})
    seen = capsys.readouterr()
    return status, " ".join(seen.out.split()) if not as_json else seen.out, seen.err


def test_the_list_holds_every_condition_and_claim_with_standing_and_correction(capsys):
    status, out, _ = printed(capsys)
    assert status == 0
    assert NOTICE in out
    assert all(name in out for name in conditions())
    for claim in claims().values():
        assert f"{claim.id} “" in out
        assert " ".join(claim.correction.split()) in out
    assert "contradicted; certainty high" in out


def test_one_condition_is_one_page(capsys):
    status, out, _ = printed(capsys, "tennis", "elbow")
    assert status == 0
    for words in (NOTICE, "KNOWN", "NOT KNOWN", NO_TRIAL, "bruise", "Brady S 2014", "WHY THESE FIGURES DIFFER"):
        assert words in out
    assert "[read; abstract]" in out
    assert "after needling of the sole" not in out
    assert "after needling of the sole" in printed(capsys, "plantar heel pain")[1]


def test_serious_harms_are_told_for_every_condition(capsys):
    """Somebody with tennis elbow may be needled beside the neck: the lung and the cord are told, and where."""
    out = printed(capsys, "tennis elbow")[1]
    assert "collapsed lung (where needles go to: neck, shoulder girdle, spine, thoracic wall)" in out
    assert "bleeding round the spinal cord (where needles go to: low back, neck, spine, suboccipital)" in out


@pytest.mark.parametrize("words", ["acupuncture", "IMS versus acupuncture", "acupuncture or ims", "comparison"])
def test_the_comparison_with_acupuncture(capsys, words):
    status, out, _ = printed(capsys, *words.split())
    assert status == 0
    assert NOTICE in out
    assert all(section.heading.upper() in out for section in sections())


def test_an_unknown_condition_is_refused_with_suggestions(capsys):
    status, out, err = printed(capsys, "tenis", "elbo")
    assert (status, out) == (REFUSED, "")
    assert "Did you mean tennis elbow" in err


@pytest.mark.parametrize("condition", [(), ("migraine",), ("acupuncture",), ("fibromyalgia",)])
def test_json_says_the_same(capsys, condition):
    status, out, _ = printed(capsys, *condition, as_json=True)
    shape = json.loads(out)
    assert status == 0
    assert shape["notice"] == NOTICE
    if not condition:
        assert len(shape["claims"]) == len(claims())
        assert shape["claims"][0]["provenance"]["grade"]
    if condition == ("migraine",):
        assert shape["results"][0]["treated_per_100"] == 50
        assert shape["harms"][0]["in_words"]


def test_every_condition_prints_in_both_ways(capsys):
    for name in conditions():
        assert NOTICE in printed(capsys, name)[1]
        assert json.loads(printed(capsys, name, as_json=True)[1])["name"] == name
