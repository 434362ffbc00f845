"""Which phrase is marked, by which value and in which category."""

from __future__ import annotations

import pytest

CASES = [
    ("en", "LIBYA SENT THEM LAND MINES.", [("LAND MINES", "explosives")]),
    ("fr", "Des mines antichar et 9.000 obus.", [("mines antichar", "explosives"), ("obus", "ammunition")]),
    ("de", "Die Truppe bekommt 18 Leopard 2 A6.", [("Leopard 2 A6", "I")]),
    ("zh", "波兰从韩国购买了坦克和弹道导弹。", [("坦克", "I"), ("弹道导弹", "VII")]),
    ("ru", "Иран поставляет снаряды.", [("снаряды", "ammunition")]),
    ("sv", "Sverige skänker Robot 99.", [("Robot 99", "VII")]),
    # English noun phrases, longest first
    ("en", "Two short-range ballistic missiles were shipped.", [("short-range ballistic missiles", "VII")]),
    ("en", "It asked for air defence systems and 155 mm artillery shells.",
     [("air defence systems", "air_defence"), ("155 mm artillery shells", "ammunition")]),
    ("en", "The treaty covers small arms and light weapons.", [("small arms and light weapons", "SALW")]),
    ("en", "Norway donated anti-tank guided missiles.", [("anti-tank guided missiles", "VII")]),
    ("en", "They smuggled shoulder-launched anti-aircraft missiles.",
     [("shoulder-launched anti-aircraft missiles", "VII")]),
    ("en", "Forty armored vehicles and six attack helicopters arrived.",
     [("armored vehicles", "II"), ("attack helicopters", "V")]),
    ("en", "The fighter jets were paid for in oil.", [("fighter jets", "IV")]),
    ("en", "A rocket engine and vane actuators lay in the field.",
     [("rocket engine", "components"), ("vane actuators", "components")]),
    ("en", "The crates held 122 mm and 152 mm rounds.", [("122 mm and 152 mm rounds", "ammunition")]),
    ("en", "Ammunition for howitzers left the port.", [("Ammunition for howitzers", "ammunition")]),
    ("en", "The anti- tank mines were Italian.", [("anti- tank mines", "explosives")]),
    ("en", "THE FREIGHTER CARRIED MACHINE GUNS.", [("MACHINE GUNS", "SALW")]),
    ("en", "The crates held weapons.", [("weapons", "generic")]),
    # one meaning, many languages
    ("fr", "La France a livré des canons antiaériens et des véhicules blindés.",
     [("canons antiaériens", "air_defence"), ("véhicules blindés", "II")]),
    ("fr", "Des obus de 155 mm et des missiles de croisière.",
     [("obus de 155 mm", "ammunition"), ("missiles de croisière", "VII")]),
    ("es", "Vendió misiles balísticos y fusiles de asalto.",
     [("misiles balísticos", "VII"), ("fusiles de asalto", "SALW")]),
    ("pt", "Entregou mísseis de cruzeiro e blindados.", [("mísseis de cruzeiro", "VII"), ("blindados", "II")]),
    ("it", "Ha fornito carri armati e munizioni.", [("carri armati", "I"), ("munizioni", "ammunition")]),
    ("de", "Berlin liefert Panzerhaubitzen, Flugabwehrgeschütze und Munition.",
     [("Panzerhaubitzen", "III"), ("Flugabwehrgeschütze", "air_defence"), ("Munition", "ammunition")]),
    ("de", "Die Küstenfregatten fuhren nach Süden.", [("Küstenfregatten", "VI")]),
    ("sv", "Regeringen skänker luftvärnssystem, pansarskott och stridsvagnar.",
     [("luftvärnssystem", "air_defence"), ("pansarskott", "SALW"), ("stridsvagnar", "I")]),
    ("sv", "Landet får ammunitionskomponenter.", [("ammunitionskomponenter", "components")]),
    ("ru", "В порт привезли крылатые ракеты, бронетехнику и зенитные орудия.",
     [("крылатые ракеты", "VII"), ("бронетехнику", "II"), ("зенитные орудия", "air_defence")]),
    ("uk", "Партнери передали артилерійські снаряди, танки та БПЛА.",
     [("артилерійські снаряди", "ammunition"), ("танки", "I"), ("БПЛА", "UAV")]),
    ("ar", "أرسلت السفينة صواريخ باليستية وطائرات مسيرة والذخيرة.",
     [("صواريخ باليستية", "VII"), ("وطائرات مسيرة", "UAV"), ("والذخيرة", "ammunition")]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_phrase_and_category(find, language, text, expected):
    found = find(text, language)
    assert [(m.text.removeprefix("و"), m.category) for m in found] == [(t.removeprefix("و"), c) for t, c in expected]
    assert all(text[m.start : m.end] == m.text for m in found)


def test_one_value_for_one_thing_in_every_language(find):
    values = {
        find(text, language)[0].value
        for language, text in [
            ("en", "They sold anti-aircraft guns."),
            ("fr", "Ils ont vendu des canons antiaériens."),
            ("de", "Sie verkauften Flugabwehrgeschütze."),
            ("ru", "Они продали зенитные орудия."),
        ]
    }
    assert values == {"anti-aircraft gun"}


@pytest.mark.parametrize(
    ("language", "text", "marked", "value", "category"),
    [
        ("en", "Spare parts for the F-16 were flown in.", "Spare parts", "spare part", "components"),
        ("en", "Kyiv wants F-16 spare parts.", "F-16 spare parts", "F-16 spare part", "components"),
        ("en", "It bought Patriot batteries.", "Patriot batteries", "Patriot", "air_defence"),
        ("en", "Some S-300 systems were moved.", "S-300 systems", None, "air_defence"),
        ("en", "The seized AK-type rifles were new.", "AK-type rifles", None, "SALW"),
        ("fr", "L'achat de missiles sol-air Mistral 3.", "missiles sol-air Mistral 3", None, "VII"),
        ("ru", "Пуски «Искандеров» из-под Курска.", "Искандеров", "Iskander", "VII"),
        ("de", "Sie erhielten 18 Leopard 2A6.", "Leopard 2A6", "Leopard", "I"),
        ("sv", "Regeringen köper CV90-systemet.", "CV90-systemet", "CV90", "II"),
        ("ru", "Комплексы С-300 отправили морем.", "С-300", None, "air_defence"),
        ("ru", "Доставлены танки Т-72 и БМП-2.", "танки Т-72", None, "I"),
    ],
)
def test_named_with_noun(find, language, text, marked, value, category):
    mention = next(m for m in find(text, language) if marked in m.text)
    assert mention.category == category
    if value:
        assert mention.value.startswith(value.split(" ")[0])


def test_nouns_of_another_language_are_left_alone(find):
    # "robot" is a missile in Swedish, "char" a tank in French, "mine" one in German.
    assert find("The robot poured tea; the char was a fish; the pleasure was mine.", "en") == []


def test_hits_in_addresses_are_not_mentions(find):
    assert find("See https://example.org/news/cruise-missiles-for-kyiv.html and img/tanks.jpg today.") == []


def test_explosives_are_no_systems(find):
    (mention,) = find("They hid RDX in the cellar of the army school.")
    assert (mention.category, mention.named) == ("explosives", False)


def test_the_noun_tells_which_of_two_systems(find):
    (mention,) = find("The rebels had an M60 machine gun.")
    assert mention.value == "M60 machine gun"
