"""Random people for the safety laws: every answer, medicine, condition, implant and build, and findings anywhere."""

import datetime
import random
from dataclasses import replace

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Build, Case, Complaint, Finding, Person
from myotome.care.examination.visit import Background, Clearance, Settings, Stated, Visit
from myotome.care.examination.vocabulary import resolve
from myotome.care.safety.gate import vitals
from myotome.care.safety.named import lexicons
from myotome.care.safety.rules import rules
from myotome.care.screening.items import RED_FLAG, items

DAY = datetime.date(2026, 11, 21)
SEXES = ("female", "male", "other", None)
NONSENSE = ("Zorblax 5", "qwxyz tablets", "the little pink ones")
POSITIONS = ("prone", "supine", "side-lying", "seated")


class Crowd:
    """People drawn one after another from one seed; the tables they are drawn from are read once."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.names = {kind: sorted({" ".join(p) for p in lexicon._phrases}) for kind, lexicon in lexicons().items()}
        codes = {code for rule in rules().values() for code in rule.given} & set(items())
        self.needling = sorted({*codes, "infection", "pneumothorax or lung disease", "consent"})
        self.by_list = ("anticoagulant", "antiplatelet", "implants", "pacemaker", "breast implant")
        self.flags = sorted(code for code, item in items().items() if item.kind == RED_FLAG)
        self.areas = sorted(anatomy().areas)
        self.muscles = sorted(anatomy().muscles)
        self.levels = sorted(anatomy().segments)

    def person(self, *, alarms=0.02, asked=0.93, problems=0.06, findings=0):
        """One case; ``alarms``, ``asked``, ``problems``: chance of a red flag, of a question put, of another yes."""
        rng = self.rng
        screening = self.answers(alarms, asked, problems)
        background = Background(
            self.listed("medicines", asked, rng.choice((0.2, 0.5))),
            self.listed("conditions", 0.8, rng.choice((0.2, 0.5))),
            self.listed("implants", asked, 0.3),
        )
        height, weight = rng.uniform(150, 195), rng.uniform(42, 125)
        return Case(
            Person(rng.choice((None, rng.randint(3, 95), rng.randint(18, 70))), rng.choice(SEXES)),
            Build(height, weight) if rng.random() < 0.8 else Build(),
            Complaint("", rng.choice(("left", "right", None)), rng.choice(self.areas)),
            tuple(sorted(screening.items())),
            tuple(self.finding() for _ in range(findings)),
            background,
            Visit(
                rng.choice((None, 1, 2, 5)),
                rng.choice((None, 20.0, 30.0, 45.0)),
                rng.choice((None, 0, 3, 6, 12)),
                tuple(rng.sample(POSITIONS, rng.randint(0, 3))),
                rng.choice(("yes", "no", "not asked")),
                rng.choice(("none", "not asked", "fainted")),
            ),
            Settings(rng.choice((True, False, None)), rng.choice((True, False, None))),
        )

    def plain(self, findings):
        """A person whom most rules leave alone, with written reasons for some of the limits, and many findings."""
        rng = self.rng
        case = self.person(alarms=0.0, asked=1.0, problems=0.01, findings=findings)
        lists = Background((), (), ()) if rng.random() < 0.7 else case.background
        visit = Visit(rng.randint(1, 6), 40.0, rng.choice((None, 6, 12)), (), "no", "none")
        settings = Settings(rng.random() < 0.5, rng.random() < 0.7)
        reasons = tuple((code, "tried the gentler way first") for code in self.needling if rng.random() < 0.5)
        person = Person(rng.randint(18, 80), case.person.sex)
        answers = {**case.answers, **({} if lists is case.background else dict.fromkeys(self.by_list, "no"))}
        return replace(
            case, person=person, background=lists, visit=visit, settings=settings, reasons=reasons,
            screening=tuple(sorted(answers.items())),
        )  # fmt: skip

    def answers(self, alarms, asked, problems):
        rng = self.rng
        found = {code: "yes" if rng.random() < alarms / 5 else "no" for code in self.flags if rng.random() < asked}
        for code in self.needling:
            if rng.random() < 0.5:
                found[code] = "yes" if rng.random() < problems else "no"
        for code in vitals():
            if code in items():
                found[code] = "not asked" if rng.random() > asked else "yes" if code == "consent" else "no"
                if code != "consent" and rng.random() < problems:
                    found[code] = "yes"
        return found

    def listed(self, kind, asked, share):
        rng = self.rng
        if rng.random() > asked:
            return None
        if rng.random() > share:
            return ()
        texts = [rng.choice(self.names[kind]) for _ in range(rng.randint(1, 3))]
        if rng.random() < 0.1:
            texts.append(rng.choice(NONSENSE))
        return tuple(Stated(text, rng.choice((None, "left", "right"))) for text in texts)

    def finding(self):
        rng = self.rng
        sign = rng.choice(("tenderness", "tenderness", "taut band", "shortening"))
        at = rng.choice(self.muscles) if rng.random() < 0.8 else f"paraspinal {rng.choice(self.levels)}"
        site = resolve(sign, at)[0]
        return Finding(sign, site, rng.choice(("left", "right")), "present")

    def clearance(self, flag):
        return Clearance(flag, "Dr Example", "physician", DAY, "nothing found", DAY + datetime.timedelta(days=30))
