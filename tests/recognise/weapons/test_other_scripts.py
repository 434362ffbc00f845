"""Names in other scripts and cases: inflected, transliterated, quoted, introduced by a word for "type", counted."""

from __future__ import annotations

import pytest

from transforms.recognise.weapons.catalogue import transliterations
from transforms.recognise.weapons.lexicon import lexicon
from transforms.recognise.weapons.matchtext import match_form

NAMED = [
    # case and plural endings of names in Latin letters
    ("de", "Mit den Mardern kommen Eurofightern und 52 Geparde.",
     [("Mardern", "II"), ("Eurofightern", "IV"), ("Geparde", "air_defence")]),
    ("de", "Die Bundeswehr will zwölf Leoparden verkaufen.", [("Leoparden", "I")]),
    ("sv", "Försvarsmakten skänker Patriotförband, Gripenplan och Leopardstridsvagnar.",
     [("Patriotförband", "air_defence"), ("Gripenplan", "IV"), ("Leopardstridsvagnar", "I")]),
    # a word for the type before it
    ("de", "Flugabwehrpanzer vom Typ Gepard gehen nach Süden.", [("Gepard", "air_defence")]),
    ("fr", "Des fusils d'assaut de type 56 ont été vus.", [("type 56", "SALW")]),
    ("fr", "Des avions de type Zefir-C sont arrivés avec des missiles.", [("Zefir-C", "IV")]),
    ("ar", "تسلم الجيش طائرات مسيرة من طراز مهاجر 6.", [("طائرات مسيرة من طراز مهاجر 6", "UAV")]),
    # quotation marks after a weapon's noun: known and unknown names, whole lists
    ("uk", "Прибули бронеавтомобілі «Козак» та зенітні комплекси «Гавк».",
     [("бронеавтомобілі «Козак", "II"), ("зенітні комплекси «Гавк", "air_defence")]),
    ("ru", "Показали ракеты «Зимородок» и «Удод-3».",
     [("ракеты «Зимородок", "missile"), ("Удод-3", "missile")]),
    ("ru", "Гаубицы «Зузана» и танки «Леопард» уже на фронте.",
     [("Гаубицы «Зузана", "III"), ("танки «Леопард", "I")]),
    ("uk", "Ще вісім «Зузан» замовила Данія.", [("Зузан", "III")]),
    # transliterations
    ("uk", "Передали гаубиці «Цезар», «Паладін» і дрони «Сірий орел».",
     [("гаубиці «Цезар", "III"), ("Паладін", "III"), ("дрони «Сірий орел", "UAV")]),
    ("ar", "تسلمت القوات طائرات أباتشي ودبابات ليوبارد.", [("طائرات أباتشي", "V"), ("دبابات ليوبارد", "I")]),
    ("ar", "اشترت المغرب منظومة باتريوت وطائرات بيرقدار.", [("باتريوت", "air_defence"), ("طائرات بيرقدار", "UAV")]),
    ("zh", "美国出售海马斯火箭炮和标枪导弹。", [("海马斯火箭炮", "III"), ("标枪导弹", "VII")]),
    ("zh", "巴基斯坦接收歼-10CE战斗机。", [("歼-10CE战斗机", "IV")]),
    ("zh", "德国提供豹2坦克和爱国者防空系统。", [("豹2坦克", "I"), ("爱国者防空系统", "air_defence")]),
    # a doubtful name with a noun that flies, counted, after a plural article, or a designation that a state gives away
    ("en", "A Typhoon aircraft and six F-7 fighters came.", [("Typhoon aircraft", "IV"), ("F-7 fighters", "IV")]),
    ("es", "Los Kfir que se vendieron volaron; vendió los Kfir a Bogotá.", [("Kfir", "IV"), ("Kfir", "IV")]),
    ("fr", "Rabat avait acquis quatre Heron l'an dernier.", [("Heron", "UAV")]),
    ("en", "The navy commissioned two Type 054A/P frigates.", [("Type 054A/P frigates", "VI")]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), NAMED)
def test_named(find, language, text, expected):
    found = [m for m in find(text, language) if m.named]
    assert [(m.text.removeprefix("و"), m.category) for m in found] == expected
    assert all(text[m.start : m.end] == m.text for m in found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "В зоопарке родился леопард, а Цезарь и козак — герои пьесы."),
        ("uk", "Козак співав пісню, краб повз пляжем, а леопард спав."),
        ("ru", "Клуб «Спартак» сыграл с «Торпедо»."),
        ("ru", "Крейсер «Варяг» вошёл в порт, завод «Алмаз» закрыт."),
        ("zh", "台风登陆广东,三人死亡。"),
        ("zh", "他在运动会上投标枪得了冠军。"),
        ("de", "Der Zoo zeigt Leoparden und Geparde; die Marder im Wald sind scheu."),
        ("en", "The Mirage hotel in the desert was sold for cash."),
        ("en", "It sold paper in A-4 and the M-1 was closed to Germany's lorries."),
        ("fr", "Ils ont traversé l'Atlantique à la voile."),
    ],
)
def test_what_only_looks_like_a_name(find, language, text):
    assert [m for m in find(text, language) if m.named] == []


def test_who_is_quoted_after_a_noun_is_no_name(find):
    found = find("Боевики применили дроны «Хезболлы» и ракеты класса «земля-воздух».", "ru")
    assert [(m.text, m.named) for m in found] == [("дроны", False), ("ракеты", False)]


def test_no_transliteration_stands_for_two_weapons_unless_it_is_doubtful():
    owners: dict[str, set[str]] = {}
    for foreign in transliterations():
        if not foreign.weak:
            owners.setdefault(match_form(foreign.written), set()).add(foreign.name)
    assert {form: names for form, names in owners.items() if len(names) > 1} == {}
    assert lexicon() is lexicon()


@pytest.mark.parametrize(
    ("language", "text", "found_too"),
    [
        ("en", "It ordered 24 Su-35s in 2018. The planes stood painted for months.", "planes"),
        ("en", "It sold F-16s, and Danish aircraft flew home.", None),
        ("en", "The planes landed safely in Lima.", None),
        ("de", "Riad bekommt 48 Eurofighter. Die Flugzeuge kosten viel.", "Flugzeuge"),
        ("uk", "Польща віддасть МіГ-29. Передачу 13 літаків схвалили.", "літаків"),
    ],
)
def test_a_word_for_aircraft_takes_up_those_named_before(find, language, text, found_too):
    bare = [m.text for m in find(text, language) if not m.named]
    assert bare == ([found_too] if found_too else [])
