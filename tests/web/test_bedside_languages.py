"""Another language of the page at the bedside is whole, or refused by the names of what it lacks."""

import json

import pytest

from myotome.web.bedside import texts as catalogue
from tests.web.rooms import pages

ENGLISH = {
    "part.toml": 'needle = {one = "{n} needle at {point}", other = "{n} needles at {point}"}\nclose = "Close"\n',
}


@pytest.fixture
def speaking(tmp_path, monkeypatch):
    """``speaking(de={"part.toml": ...})``: English as above, and another language."""

    def made(**languages):
        for language, held in {"en": ENGLISH, **languages}.items():
            (tmp_path / language).mkdir()
            for name, told in held.items():
                (tmp_path / language / name).write_text(told, "utf-8")
        monkeypatch.setattr(catalogue, "files", lambda _: tmp_path)

    catalogue.texts.cache_clear()
    yield made
    monkeypatch.undo()
    catalogue.texts.cache_clear()


def test_a_whole_language_is_taken_with_forms_of_its_own(speaking):
    polish = 'needle = {one = "{point}: igła", few = "{point}: {n} igły", other = "{point}: {n} igieł"}\n'
    speaking(pl={"part.toml": polish + 'close = "Zamknij"\n'})
    told = catalogue.texts("pl")
    assert told["part.close"] == "Zamknij"
    assert set(told["part.needle"]) == {"one", "few", "other"}


def test_a_language_without_forms_may_say_it_in_one_sentence(speaking):
    speaking(ja={"part.toml": 'needle = "{point}に針{n}本"\nclose = "閉じる"\n'})
    assert catalogue.texts("ja")["part.needle"] == "{point}に針{n}本"


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ('close = "Zu"', "part.needle is missing."),
        ('needle = "{n} an {point}"', "part.close is missing."),
        ('needle = "{n} an {point}"\nclose = "Zu"\nopen = "Auf"', "part.open is asked for nowhere."),
        ('needle = "{n} Nadeln"\nclose = "Zu"', "part.needle fills nothing, in English {point}."),
        ('needle = {one = "{punkt}", other = "{n}"}\nclose = "Zu"', "part.needle fills {punkt}, in English {point}."),
        ('needle = {two = "{n} an {point}"}\nclose = "Zu"', "needle is neither words nor forms"),
    ],
)
def test_a_language_that_is_not_whole_is_refused_by_name(speaking, told, fault):
    speaking(de={"part.toml": told})
    with pytest.raises(ValueError, match="part") as refused:
        catalogue.texts("de")
    assert fault in str(refused.value)


@pytest.mark.enable_socket
def test_a_plain_page_has_the_words_of_its_script_and_no_others(tmp_path):
    with pages(tmp_path) as rooms:
        whole = rooms.client().get("/sign-in").text
    told = json.loads(whole.partition('name="texts" content="')[2].partition('"')[0].replace("&#34;", '"'))
    assert {name.partition(".")[0] for name in told} == {"everywhere", "offline"}
    assert "everywhere.sealed" in told
