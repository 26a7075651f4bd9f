from dataclasses import replace

import pytest

from myotome.care.examination.case import Case, Complaint, Person
from myotome.care.examination.case_file import build
from myotome.care.screening.items import RED_FLAG, applicable, code_of, items
from myotome.care.screening.patterns import patterns
from myotome.care.screening.places import limb_of
from myotome.care.screening.referral import Alternative, clusters, refer
from myotome.care.screening.terms import Answered, Denied, parse
from myotome.care.screening.view import view_of
from myotome.errors import FactError
from tests.laws.dangerous_cases import finding


def case(area=None, age=None, said="", *lines):
    """A case as a person writes it: answers "a; !b", findings "sign | at | side | result or grade"."""
    document = {"person": {"age": age}, "complaint": {"area": area}}
    document["screening"] = {w.strip(" !"): "no" if "!" in w else "yes" for w in said.split(";") if w.strip()}
    rows = []
    for line in lines:
        sign, at, side, seen = (part.strip() for part in line.split("|"))
        row = {"sign": sign, "at": at, "side": side or None}
        rows.append({**row, "grade": int(seen)} if seen.isdigit() else {**row, "result": seen})
    return build({**document, "findings": rows} if rows else document, code_of)


HARMLESS = {
    "tennis elbow": (
        "lateral elbow",
        45,
        "",
        "strength | wrist extensors | right | weak",
        "test | Cozen | right | positive",
        "tenderness | lateral epicondyle | right | present",
        "reflex | triceps | right | normal",
    ),
    "tennis elbow on both sides": ("lateral elbow", 45, "", "strength | wrist extensors | both | weak"),
    "C6 root": (
        "neck",
        44,
        "",
        "strength | biceps | right | 4",
        "reflex | biceps | right | reduced",
        "sensation | thumb | right | reduced",
        "test | Spurling | right | positive",
    ),
    "C7 root": ("arm", 50, "", "strength | triceps | left | 4", "reflex | triceps | left | absent"),
    "C8 root": (
        "hand",
        50,
        "",
        "strength | finger flexors | left | 4",
        "sensation | little finger | left | numb",
    ),
    "carpal tunnel": (
        "hand",
        50,
        "",
        "test | Phalen | right | positive",
        "sensation | median nerve territory | right | reduced",
        "strength | abductor pollicis brevis | right | 4",
    ),
    "carpal tunnel on both sides": (
        "hand",
        50,
        "numb hands both sides",
        "test | Phalen | both | positive",
        "sensation | median nerve territory | both | reduced",
    ),
    "cubital tunnel": ("medial elbow", 47, "", "sensation | ulnar fingers | right | reduced"),
    "ankle sprain": (
        "ankle",
        25,
        "twisting injury",
        "tenderness | lateral ankle ligament | left | present",
        "strength | ankle evertors | left | weak",
    ),
    "low back pain at 70": (
        "low back",
        70,
        "",
        "tenderness | lumbar paraspinals | both | present",
        "range | lumbar flexion | | limited",
    ),
    "night pain of the shoulder": ("shoulder", 55, "night pain"),
    "night pain of the back": ("low back", 45, "night pain"),
    "one brisk reflex": ("low back", 30, "", "reflex | knee | left | brisk"),
    "all reflexes lively": ("neck", 22, "", "reflex | knee | both | brisk", "reflex | biceps | both | brisk"),
    "ankle reflexes reduced at 80": ("low back", 80, "", "reflex | ankle | both | reduced"),
    "ankle reflexes absent at 84": ("knee", 84, "", "reflex | ankle | both | absent"),
    "L4 root": (
        "anterior thigh",
        60,
        "",
        "strength | quadriceps | left | 4",
        "reflex | knee | left | reduced",
    ),
    "L5 root": (
        "leg",
        40,
        "",
        "strength | extensor hallucis longus | right | 4",
        "sensation | L5 dermatome | right | reduced",
        "test | SLR | right | positive",
    ),
    "S1 root": ("calf", 40, "", "strength | triceps surae | right | 4", "reflex | ankle | right | absent"),
    "ninety years old": ("mid back", 90, "", "tenderness | trapezius | both | present"),
    "twelve years old": ("neck", 12, "", "tenderness | trapezius | both | present"),
    "frozen shoulder": (
        "shoulder",
        56,
        "diabetes; night pain",
        "range | shoulder external rotation | left | limited",
    ),
    "cuff tear": (
        "shoulder",
        66,
        "",
        "strength | shoulder abductors | right | 4",
        "test | drop arm | right | positive",
    ),
    "cuff tears on both sides": ("shoulder", 70, "", "strength | supraspinatus | both | 4"),
    "meralgia": ("lateral thigh", 50, "", "sensation | outer thigh | right | reduced"),
    "diabetic polyneuropathy": (
        "foot",
        68,
        "diabetes",
        "sensation | stocking | both | reduced",
        "reflex | ankle | both | absent",
    ),
    "irritation as this treatment meets it": (
        "low back",
        42,
        "",
        "trophic | L5 | right | trophoedema",
        "trophic | L5 | right | coolness",
        "trophic | L5 | right | sweating",
        "trophic | L5 | right | hair loss",
        "sensation | L5 dermatome | right | heightened",
    ),
    "tension headache": ("head", 35, "headache", "tenderness | suboccipitals | both | present"),
    "hip osteoarthritis": ("groin", 65, "", "range | hip internal rotation | right | limited"),
    "plantar fasciitis": ("heel", 48, "", "test | windlass | right | positive"),
    "sacroiliac pain": ("sacrum", 34, "", "test | thigh thrust | left | positive"),
    "jaw": ("jaw", 28, "jaw pain on chewing", "range | jaw opening | | limited"),
    "pregnant with back pain": ("low back", 30, "pregnant"),
    "blood thinner": ("shoulder", 60, "anticoagulant"),
    "one band of the chest": ("chest", 40, "", "sensation | T4 dermatome | left | reduced"),
    "two roots of opposite sides": (
        "neck",
        55,
        "",
        "strength | biceps | left | 4",
        "strength | extensor hallucis longus | right | 4",
    ),
    "one Hoffmann at 30": ("shoulder", 30, "", "test | Hoffmann | right | positive"),
    "radial palsy": ("forearm", 40, "", "strength | wrist extensors | right | 2"),
    "worn hands": (
        "hand",
        68,
        "",
        "wasting | thenar muscles | right | present",
        "strength | thenar muscles | right | 4",
        "sensation | thumb | right | reduced",
    ),
    "every neck sign negative": (
        "neck",
        60,
        "",
        *(f"test | {t} | both | negative" for t in ("Hoffmann", "Babinski", "clonus")),
    ),
}

DANGEROUS = [
    ("emergency", "cauda equina syndrome", ("low back", 38, "saddle anesthesia; urinary retention")),
    ("emergency", "cauda equina syndrome", (None, None, "", "sensation | saddle area | | reduced")),
    (
        "emergency",
        "cauda equina syndrome",
        ("low back", 50, "incontinence", "reflex | ankle | both | absent"),
    ),
    ("urgent", "cervical myelopathy", (None, None, "", "reflex | plantar reflex | left | brisk")),
    ("urgent", "cervical myelopathy", ("neck", 64, "dropping objects; unsteady walking")),
    ("urgent", "cervical myelopathy", ("neck", 62, "", "test | Hoffmann | both | positive")),
    (
        "emergency",
        "spinal cord compression in the back or chest",
        ("mid back", 58, "", "sensation | T6 dermatome | both | reduced", "reflex | knee | both | brisk"),
    ),
    ("urgent", "cancer in the spine or bone", ("low back", 66, "breast cancer; night pain")),
    ("urgent", "spinal fracture", ("mid back", 78, "minor fall; osteoporosis")),
    ("emergency", "infection of the spine", ("low back", 45, "fever; IVDU")),
    ("emergency", "cervical artery dissection", ("neck", 38, "neck manipulation; Horner")),
    ("emergency", "cervical artery dissection", ("neck", 44, "", "test | Horner | left | positive")),
    ("emergency", "giant cell arteritis", ("temple", 74, "jaw claudication; scalp tenderness")),
    ("urgent", "polymyalgia rheumatica", ("shoulder", 69, "bilateral shoulder stiffness; morning stiffness")),
    ("emergency", "deep vein thrombosis", ("calf", 55, "swollen calf; long flight")),
    (
        "emergency",
        "collapsed lung after needling",
        ("upper back", 28, "recent dry needling; short of breath"),
    ),
    (
        "emergency",
        "aortic aneurysm or dissection",
        ("low back", 72, "", "test | pulsatile mass | | positive"),
    ),
    (
        "emergency",
        "ascending weakness (Guillain-Barre)",
        (None, 34, "", "strength | hip flexors | both | 4", "reflex | knee | both | absent"),
    ),
    (
        "urgent",
        "motor neurone disease",
        (
            "hand",
            60,
            "fasciculations",
            "wasting | thenar muscles | right | present",
            "reflex | biceps | right | brisk",
        ),
    ),
    (
        "urgent",
        "Horner syndrome or tumour at the top of the lung",
        ("shoulder", 58, "smoker; ptosis; weight loss"),
    ),
    ("urgent", "shingles", ("chest", 67, "rash in a band")),
    (
        "urgent",
        "rapid or severe loss of muscle power",
        (None, 50, "", "strength | ankle dorsiflexors | right | 2"),
    ),
    (
        "emergency",
        "stroke or transient ischaemic attack",
        (
            None,
            70,
            "",
            "strength | deltoid | left | 3",
            "strength | hip flexors | left | 4",
            "strength | facial muscles | left | weak",
        ),
    ),
    ("emergency", "risk of suicide", ("low back", 40, "suicidal ideation")),
]


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_examinations_are_left_alone(name):
    referral = refer(case(*HARMLESS[name]))
    assert referral.urgency in ("none", "soon")
    assert (referral.urgency == "none") == (referral.reasons == ())
    assert all(reason.because for reason in referral.reasons)


@pytest.mark.parametrize(("urgency", "flag", "written"), DANGEROUS)
def test_dangers_are_named(urgency, flag, written):
    referral = refer(case(*written))
    assert (flag, urgency) in {(reason.flag, reason.urgency) for reason in referral.reasons}
    assert referral.reasons[0].urgency == referral.urgency


def test_an_empty_case_is_not_a_clean_one():
    referral = refer(Case())
    assert (referral.urgency, referral.screen, referral.reasons) == ("none", "not done", ())
    assert referral.not_asked == tuple(i.code for i in items().values() if i.kind == RED_FLAG)


def test_screen_is_complete_when_every_question_that_applies_was_answered():
    person, area = Person(40, "male"), "lateral elbow"
    asked = {i.code: "no" for i in applicable(person, area) if i.kind == RED_FLAG}
    whole = Case(person, complaint=Complaint(area=area), screening=tuple(asked.items()))
    assert (refer(whole).screen, refer(whole).not_asked) == ("complete", ())
    assert refer(replace(whole, complaint=Complaint())).screen == "partial"
    for code in asked:
        short = refer(replace(whole, screening=tuple({**asked, code: "not asked"}.items())))
        assert (short.screen, short.not_asked) == ("partial", (code,))


def test_not_asked_is_no_answer_and_other_kinds_are_no_screen():
    assert refer(case("low back", 40, "", "reflex | ankle | both | normal")).screen == "not done"
    assert refer(Case(screening=(("fever", "not asked"),))).screen == "not done"
    assert refer(case(None, None, "pregnant")).screen == "not done"
    assert refer(case(None, None, "!fever")).screen == "partial"


def test_less_urgent_dangers_stay_listed():
    referral = refer(case("low back", 66, "saddle numbness; cancer; vesicular rash"))
    assert referral.reasons[0].flag == "cauda equina syndrome"
    assert {"shingles", "cancer in the spine or bone"} <= {reason.flag for reason in referral.reasons}
    order = [cluster.flag for cluster in clusters()]
    urgent = [order.index(reason.flag) for reason in referral.reasons if reason.urgency == "urgent"]
    assert urgent == sorted(urgent)


def test_reason_tells_what_made_it_fire_and_who_says_so():
    (reason,) = refer(case("calf", 55, "swollen calf; recent surgery")).reasons
    assert reason.because == (
        "answered yes: calf swelling",
        "answered yes: recent immobilisation, surgery or long flight",
        "the complaint is at the calf",
    )
    assert "Wells" in reason.source or "DVT" in reason.source
    assert reason.words
    assert reason.reviewed_by == ""


def test_json_has_the_shape_of_the_design():
    shape = refer(case("low back", 40, "saddle numbness")).as_dict()
    assert list(shape) == ["urgency", "screen", "not_asked", "reasons"]
    assert {"flag", "because", "source"} <= set(shape["reasons"][0])
    assert shape["reasons"][0]["because"] == ["answered yes: saddle numbness"]
    assert isinstance(shape["not_asked"], list)


def test_a_judgement_is_called_one():
    (reason,) = refer(case(*HARMLESS["worn hands"])).reasons
    assert reason.source.startswith("Judgement: the authors; ")


def test_midline_without_side_is_both_sides():
    for side in ("", "both"):
        (reason,) = refer(case(None, None, "", f"sensation | saddle area | {side} | reduced")).reasons
        assert reason.urgency == "emergency"
    assert refer(case(None, None, "", "sensation | saddle area | left | reduced")).urgency == "urgent"


def test_one_sign_under_two_names_counts_once():
    twice = case(None, 30, "", "test | Hoffmann | right | positive")
    also = replace(twice, findings=(*twice.findings, finding("reflex", "Hoffmann sign", "brisk", "right")))
    assert refer(also).urgency == refer(twice).urgency == "soon"


def test_plantar_response_is_babinski():
    (seen,) = view_of(case(None, None, "", "reflex | plantar reflex | left | brisk")).seen
    assert (seen.sign, seen.site.name, seen.result) == ("test", "Babinski", "positive")


def test_a_normal_pathological_reflex_is_not_a_lost_one():
    quiet = Case(
        findings=(
            finding("reflex", "Babinski sign", "absent"),
            finding("strength", "anconeus", "weak", grade=3),
        )
    )
    assert refer(quiet).urgency == "soon"


def test_pain_stands_for_a_complaint_without_area():
    said = (("urinary incontinence", "yes"),)
    assert refer(Case(screening=said)).urgency == "urgent"
    assert refer(Case(screening=said, findings=(finding("pain", "low back", "present"),))).urgency == "emergency"
    arm = Case(screening=said, findings=(finding("pain", "forearm", "present"),))
    assert refer(arm).urgency == "urgent"


def test_long_lists_of_findings_are_cut_short():
    many = tuple(finding("strength", m, "weak", grade=2) for m in list(names_of_leg())[:8])
    said = " ".join(refer(Case(findings=many)).reasons[0].because)
    assert "; and 4 more)" in said


def names_of_leg():
    from myotome.anatomy.tables import anatomy
    from myotome.care.examination.vocabulary import Site

    return (name for name in anatomy().muscles if limb_of(Site("muscle", name)) == "leg")


TERMS = [
    (
        "yes: no such item",
        "row: 'yes: no such item' is not a term. "
        "Write yes: <item> (not under none), no: <item> & <item> (only under none), finding: "
        "<sign> | <site or *> | <results>, age >= <years>, age < <years>, sex: <sex>, "
        "area: <areas> or pattern: <name>.",
    ),
    ("area: low back|moon", "row: moon is no known area or region. Correct the term."),
    (
        "finding: reflex | ankle",
        "row: 'finding: reflex | ankle' needs sign | site | results, with a known sign. Correct it.",
    ),
    (
        "finding: reflex | ankle | green",
        "row: green is no result of reflex. Use absent, brisk, normal, reduced.",
    ),
    (
        "finding: reflex | plantar reflex | brisk,absent",
        "row: 'finding: reflex | plantar reflex | brisk,absent' means two signs. Write one term for each.",
    ),
]


@pytest.mark.parametrize(("text", "message"), TERMS)
def test_terms_that_cannot_be_read_are_refused(text, message):
    with pytest.raises(FactError) as caught:
        parse(text, "row")
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["pattern: no such pattern", "age > 40", "sex: both", "fever", ""])
def test_what_is_no_term_is_refused(text):
    with pytest.raises(FactError, match=r"^row: '.*' is not a term\. Write "):
        parse(text, "row")


def test_a_site_that_no_table_knows_is_refused():
    with pytest.raises(FactError, match=r"^row: 'wing' is not a known site for test \(test\)\..* Correct the term\.$"):
        parse("finding: test | wing | positive", "row")


def test_an_answer_never_blocks():
    """A yes that lowers the urgency would hide a danger behind another."""
    assert parse("yes: fever", "row") == Answered("fever")
    with pytest.raises(FactError, match=r"\(not under none\)"):
        parse("yes: fever", "row", blocking=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"urgency": "none"}, "row: urgency 'none', at_least 0 of 0. Urgency is soon, urgent, emergency; "),
        ({"at_least": 2, "any": ["yes: fever"]}, "row: urgency 'soon', at_least 2 of 1. "),
        ({"at_least": 0, "any": ["yes: fever"]}, "row: urgency 'soon', at_least 0 of 1. "),
        (
            {"all": ["area: neck", "age >= 50"]},
            "row: a site, an age or a sex alone would fire it. Add an answer",
        ),
        ({"all": [], "any": ["age < 18", "yes: fever"], "at_least": 1}, "row: a site, an age or a sex alone"),
    ],
)
def test_alternatives_that_would_misfire_are_refused(change, message):
    from myotome.care.screening.referral import _alternative

    when = {"urgency": "soon", "all": ["yes: fever"], "any": [], "at_least": 0, "none": [], **change}
    with pytest.raises(FactError) as caught:
        _alternative(when, "row")
    assert str(caught.value).startswith(message)


def test_a_no_counts_only_against():
    """Under `all` or `any` one more no would raise the urgency."""
    assert parse("no: fever & night sweats", "row", blocking=True) == Denied(("fever", "night sweats"))
    for text in ("no: fever", "no: fever & night sweats"):
        with pytest.raises(FactError, match=r"\(only under none\)"):
            parse(text, "row")
    with pytest.raises(FactError, match="is not a term"):
        parse("no: fever & no such item", "row", blocking=True)


CAUDA = "!saddle numbness; !urinary retention; !bowel incontinence"
UPPER_NECK = "upper cervical instability"
GUILLAIN = "ascending weakness (Guillain-Barre)"
TOES = ("strength | toe extensors | both | 4", "reflex | ankle | both | absent")
WEAK_HIPS = ("strength | iliopsoas | both | 4", "reflex | ankle | both | absent")
JUDGED = [
    (UPPER_NECK, "urgent", ("neck", 30, "", "test | Sharp-Purser | | positive")),
    (UPPER_NECK, "urgent", (None, None, "", "test | alar ligament test | | positive")),
    (UPPER_NECK, "none", ("neck", 30, "", "test | alar ligament | | negative", "test | Sharp-Purser | | negative")),
    (UPPER_NECK, "emergency", ("neck", 30, "unsteady gait", "test | alar ligament | | positive")),
    (UPPER_NECK, "urgent", ("neck", 55, "rheumatoid arthritis", "reflex | knee | both | brisk")),
    (UPPER_NECK, "urgent", ("neck", 20, "Down syndrome", "test | tandem gait | | positive")),
    (UPPER_NECK, "urgent", ("neck", 55, "rheumatoid arthritis", "test | Lhermitte | | positive")),
    (UPPER_NECK, "none", ("knee", 55, "rheumatoid arthritis", "reflex | knee | both | brisk")),
    (
        UPPER_NECK,
        "emergency",
        ("neck", 55, "rheumatoid arthritis; urinary retention", "reflex | knee | both | brisk"),
    ),
    (
        UPPER_NECK,
        "emergency",
        ("neck", 20, "Down syndrome", "reflex | knee | both | brisk", "strength | hip flexors | both | 4"),
    ),
    (GUILLAIN, "soon", ("foot", 59, "alcohol", "sensation | sole | both | reduced", *TOES)),
    (GUILLAIN, "soon", ("foot", 59, "!ascending weakness", *TOES)),
    (GUILLAIN, "urgent", (None, 35, "", *TOES)),
    (GUILLAIN, "soon", ("knee", 78, "", "strength | knee extensors | both | 4", "reflex | ankle | both | absent")),
    (GUILLAIN, "urgent", ("knee", 60, "", "strength | knee extensors | both | 4", "reflex | knee | both | absent")),
    (GUILLAIN, "emergency", ("foot", 59, "ascending weakness", "sensation | sole | both | reduced", *TOES)),
    (GUILLAIN, "emergency", ("foot", 59, "recent infection before weakness", *TOES)),
    (GUILLAIN, "emergency", (None, 59, "", "sensation | sole | both | reduced", *WEAK_HIPS)),
    (GUILLAIN, "urgent", (None, 59, "!ascending weakness", *WEAK_HIPS)),
    (GUILLAIN, "urgent", ("hip", 66, "", "strength | hip abductors | both | 4", "reflex | ankle | both | reduced")),
    (GUILLAIN, "emergency", (None, 59, "!ascending weakness; recent diarrhoea", *WEAK_HIPS)),
    (GUILLAIN, "emergency", (None, 40, "", "strength | quadriceps | both | 4", *TOES)),
    (
        GUILLAIN,
        "soon",
        ("foot", 33, "", "wasting | tibialis anterior | both | present", *TOES),
    ),
    ("cauda equina syndrome", "emergency", ("low back", 60, "both legs", "reflex | ankle | both | reduced")),
    ("cauda equina syndrome", "emergency", ("low back", 75, "both legs", "reflex | ankle | both | reduced")),
    ("cauda equina syndrome", "urgent", ("low back", 60, f"both legs; {CAUDA}", "reflex | ankle | both | reduced")),
    ("cauda equina syndrome", "urgent", ("low back", 60, f"both legs; {CAUDA}", *TOES)),
    ("cauda equina syndrome", "urgent", ("low back", 55, f"urinary incontinence; {CAUDA}")),
    ("cauda equina syndrome", "emergency", ("low back", 55, "urinary incontinence; !saddle numbness")),
    *(
        ("cauda equina syndrome", "emergency", ("low back", 55, CAUDA, line))
        for line in (
            "sensation | saddle area | | reduced",
            "test | saddle sensation | | reduced",
            "test | anal tone | | reduced",
            "sensation | skin around the anus | | reduced",
        )
    ),
    (
        "cauda equina syndrome",
        "emergency",
        ("low back", 55, "urinary retention; !saddle numbness; !bowel incontinence"),
    ),
    (
        "cauda equina syndrome",
        "emergency",
        ("low back", 55, f"both legs; {CAUDA}", "strength | ankle dorsiflexors | both | 2"),
    ),
    ("muscle disease", "none", ("knee", 70, "", "strength | knee extensors | both | 4")),
    ("muscle disease", "soon", (None, 60, "", "strength | hip flexors | both | 4")),
    ("muscle disease", "soon", (None, 60, "", "strength | hip extensors | both | 4")),
    ("muscle disease", "soon", (None, 60, "", "strength | deltoid | both | 4")),
    (
        "motor neurone disease",
        "none",
        ("knee", 70, "", "strength | quadriceps | both | 4", "wasting | vastus medialis | both | present"),
    ),
    (
        "motor neurone disease",
        "urgent",
        ("hand", 60, "", "strength | finger abductors | both | 4", "wasting | interossei | both | present"),
    ),
    (
        "motor neurone disease",
        "urgent",
        (
            None,
            60,
            "",
            "strength | deltoid | both | 4",
            "wasting | deltoid | both | present",
            "strength | grip | left | 4",
        ),
    ),
    (
        "motor neurone disease",
        "soon",
        ("foot", 33, "", "wasting | tibialis anterior | both | present", *TOES),
    ),
]


@pytest.mark.parametrize(("flag", "urgency", "written"), JUDGED)
def test_how_urgent_one_danger_is(flag, urgency, written):
    said = {reason.flag: reason.urgency for reason in refer(case(*written)).reasons}
    assert said.get(flag, "none") == urgency


def test_a_tender_temporal_artery_is_the_test():
    written = ("temple", 74, "new headache over 50", "tenderness | temporal artery | right | present")
    assert refer(case(*written)).urgency == "emergency"
    assert refer(case("temple", 74, "", "tenderness | temporal artery | right | absent")).urgency == "none"


def test_sound_alternatives_are_read():
    assert all(isinstance(one, Alternative) for cluster in clusters() for one in cluster.alternatives)
    assert all(cluster.reviewed_by == "" for cluster in clusters())
    assert all(pattern.reviewed_by == "" for pattern in patterns().values())
