"""Names, abbreviations and adjectives, by language."""

from __future__ import annotations

import pytest

from tests.recognise.states.helper import mentions, said, states


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The DPRK denied it.", "DPRK=PRK"),
        ("the Democratic People's Republic of Korea", "Democratic People's Republic of Korea=PRK"),
        ("the Republic of Korea (ROK) and the DPRK", "Republic of Korea=KOR; ROK=KOR; DPRK=PRK"),
        ("the People’s Republic of China", "People’s Republic of China=CHN"),
        ("the Republic of China on Taiwan", "Republic of China=TWN; Taiwan=TWN"),
        ("The U.S. and the U.K. agreed.", "U.S.=USA; U.K.=GBR"),
        ("a US-made, UK-supplied kit", "US=USA; UK=GBR"),
        ("the United States of America", "United States of America=USA"),
        ("shipped to the UAE and the KSA, not to Riyadh", "UAE=ARE; KSA=SAU"),
        ("Türkiye, Turkiye and Turkey", "Türkiye=TUR; Turkiye=TUR; Turkey=TUR"),
        ("Burma, now Myanmar", "Burma=MMR; Myanmar=MMR"),
        ("the Ivory Coast and Cote d'Ivoire", "Ivory Coast=CIV; Cote d'Ivoire=CIV"),
        ("Holland, Britain, Great Britain and England", "Holland=NLD; Britain=GBR; Great Britain=GBR; England=GBR"),
        ("the Soviet Union, the USSR and Soviet advisers", "Soviet Union=SUN; USSR=SUN; Soviet=SUN"),
        ("Yugoslavia, Czechoslovakia and East Germany", "Yugoslavia=YUG; Czechoslovakia=CSK; East Germany=DDR"),
        ("West German and East German firms", "West German=DEU; East German=DDR"),
        ("Kosovo, Palestine, Taiwan and Western Sahara", "Kosovo=XKX; Palestine=PSE; Taiwan=TWN; Western Sahara=ESH"),
        ("Russia's ally", "Russia=RUS"),
        ("the Ukrainians, the Dutch and two Danes", "Ukrainians=UKR; Dutch=NLD; Danes=DNK"),
        ("anti-Russian and pro-Iranian groups", "Russian=RUS; Iranian=IRN"),
        ("the russian invasion of ukraine", "russian=RUS; ukraine=UKR"),
        ("THE HONDURAN ARMY SAID NICARAGUA ARMED SALVADORANS.", "HONDURAN=HND; NICARAGUA=NIC; SALVADORANS=SLV"),
        ("Trinidad & Tobago and Bosnia &amp; Herzegovina", "Trinidad & Tobago=TTO; Bosnia &amp; Herzegovina=BIH"),
        ("american tanks; polish your boots", "american=USA"),
        ("#Ukraine needs shells", "Ukraine=UKR"),
        ("**Iran**, _Syria_ and [Libya](https://example.org/Chad-Sudan)", "Iran=IRN; Syria=SYR; Libya=LBY"),
        ("<p>Ira<b>n</b> and Sy&shy;ria</p>", "Ira<b>n=IRN; Sy&shy;ria=SYR"),
        ("the United\u00a0Arab\u00a0Emirates", "United\u00a0Arab\u00a0Emirates=ARE"),
    ],
)  # fmt: skip
def test_english(text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("South Sudan and Sudan", ["SSD", "SDN"]),
        ("Guinea, Guinea-Bissau, Equatorial Guinea and Papua New Guinea", ["GIN", "GNB", "GNQ", "PNG"]),
        ("the Democratic Republic of the Congo and the Republic of the Congo", ["COD", "COG"]),
        ("Congo-Kinshasa, Congo-Brazzaville, DR Congo and the DRC", ["COD", "COG", "COD", "COD"]),
        ("Niger and Nigeria; Nigerien and Nigerian troops", ["NER", "NGA", "NER", "NGA"]),
        ("Dominica and the Dominican Republic", ["DMA", "DOM"]),
        ("Mali, Malian, Malawi, Malaysia, Maldives", ["MLI", "MLI", "MWI", "MYS", "MDV"]),
        ("North Macedonia and Macedonia", ["MKD", "MKD"]),
        ("Ireland, not Northern Ireland", ["IRL"]),
        ("Samoa, not American Samoa", ["WSM"]),
        ("Serbia and Montenegro; Bosnia and Herzegovina", ["SRB", "BIH"]),
        ("Oman and Romania; a Roman omen", ["OMN", "ROU"]),
        ("a Central African Republic minister and another central African leader", ["CAF"]),
    ],
)
def test_longest_match(text: str, expected: list[str]) -> None:
    assert [value for _, value in states(text)] == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "La Russie, les États-Unis (É.-U.) et l'ex-URSS", "Russie=RUS; États-Unis=USA; É.-U.=USA; URSS=SUN"),
        ("fr", "des armes russes, l'armée arménienne et les Français", "russes=RUS; arménienne=ARM; Français=FRA"),
        ("fr", "la frégate turque, le navire turc et la Grèce", "turque=TUR; turc=TUR; Grèce=GRC"),
        ("fr", "une grenade lancée par Maurice, ami de Dominique", ""),
        ("es", "EE.UU., EE. UU. y EEUU", "EE.UU.=USA; EE. UU.=USA; EEUU=USA"),
        ("es", "misiles rusos, tropas norcoreanas y tanques ucranianos", "rusos=RUS; norcoreanas=PRK; ucranianos=UKR"),
        ("es", "Corea del Norte, Corea del Sur y Siria", "Corea del Norte=PRK; Corea del Sur=KOR; Siria=SYR"),
        ("es", "una granada fabricada por la empresa china en Granada", "china=CHN"),
        ("de", "russische, russischen, russisches", "russische=RUS; russischen=RUS; russisches=RUS"),
        ("de", "Deutschlands Panzer und Russlands Krieg", "Deutschlands=DEU; Russlands=RUS"),
        ("de", "die USA, die UdSSR, die DDR und die VAE", "USA=USA; UdSSR=SUN; DDR=DDR; VAE=ARE"),
        ("de", "aus den Vereinigten Staaten in die Türkei", "Vereinigten Staaten=USA; Türkei=TUR"),
        ("sv", "Rysslands krig, ryska robotar och ryssarna", "Rysslands=RUS; ryska=RUS; ryssarna=RUS"),
        ("sv", "USA:s stöd till Ukraina och svenska vapen", "USA:s=USA; Ukraina=UKR; svenska=SWE"),
        ("sv", "Island och Norge", "Island=ISL; Norge=NOR"),
        ("pt", "mísseis norte-coreanos, os Estados Unidos e o Irã", "norte-coreanos=PRK; Estados Unidos=USA; Irã=IRN"),
        ("it", "armi russe agli Stati Uniti e alla Cina", "russe=RUS; Stati Uniti=USA; Cina=CHN"),
        ("ru", "Россия, России, Россией и российского", "Россия=RUS; России=RUS; Россией=RUS; российского=RUS"),
        ("ru", "США, КНДР, ОАЭ, СССР и РФ", "США=USA; КНДР=PRK; ОАЭ=ARE; СССР=SUN; РФ=RUS"),
        ("ru", "из Северной Кореи в Саудовскую Аравию", "Северной Кореи=PRK; Саудовскую Аравию=SAU"),
        ("ru", "украинцы, поставки Украине и украинскую армию", "украинцы=UKR; Украине=UKR; украинскую=UKR"),
        ("ru", "Того же мнения были и в Индии", "Индии=IND"),
        ("uk", "втрати росіян, зброя для України та рф", "росіян=RUS; України=UKR; рф=RUS"),
        ("uk", "російських окупантів у Сполучених Штатах", "російських=RUS; Сполучених Штатах=USA"),
        ("ar", "قالت الولايات المتحدة إن روسيا", "ولايات المتحدة=USA; روسيا=RUS"),
        ("ar", "الأسلحة الروسية والإيرانية لليمن", "روسية=RUS; إيرانية=IRN; يمن=YEM"),
        ("ar", "وبريطانيا وفرنسا", "بريطانيا=GBR; فرنسا=FRA"),
        ("ar", "الدعم المالي للجيش", ""),
        ("zh", "美国和俄罗斯向乌克兰与印度尼西亚提供武器", "美国=USA; 俄罗斯=RUS; 乌克兰=UKR; 印度尼西亚=IDN"),
        ("zh", "南中国海和印度洋", ""),
    ],
)  # fmt: skip
def test_other_languages(language: str, text: str, expected: str) -> None:
    assert said(text, language) == expected


def test_a_quotation_in_another_language_is_read() -> None:
    text = "The minister answered in French. « Les chars russes ne sont pas dans la ville », he said."
    assert states(text) == [("russes", "RUS")]


@pytest.mark.parametrize(
    "text",
    [
        "Letter of intent on Woody Island",
        "the Ester compound",
        "Turner, Mann and Inder",
        "Suede shoes",
        "Chili con carne",
        "Soul said",
    ],
)
def test_words_of_another_language_are_not_read_in_english(text: str) -> None:
    assert states(text) == []


def test_english_names_are_read_in_other_languages() -> None:
    assert said("les avions de l'Indian Air Force", "fr") == "Indian=IND"
    assert said("det indian och german", "sv") == ""


def test_foreign_names_are_read_as_spelt() -> None:
    assert said("Suède and Danmark agreed with the firm.") == "Suède=SWE; Danmark=DNK"


def test_names_in_capitals_are_read_without_a_language() -> None:
    assert states("Россия, Iran, Ukraine", None) == [("Россия", "RUS"), ("Iran", "IRN"), ("Ukraine", "UKR")]


def test_adjectives_are_flagged() -> None:
    found = mentions("Russian shells went from Iran to the Syrians.")
    assert [(m.value, m.adjective) for m in found] == [("RUS", True), ("IRN", False), ("SYR", True)]


def test_addresses_are_not_read() -> None:
    text = "See https://example.org/news/Iran-Syria, www.example.com/Cuba, iran@example.org and @Ukraine about Libya."
    assert states(text) == [("Libya", "LBY")]
