"""sources.yaml: what it may say, defaults worked in, every error by line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.sources import (
    Interval,
    OpmlError,
    Source,
    Sources,
    SourcesError,
    export_opml,
    import_opml,
    load_sources,
    parse_sources,
    to_yaml,
)


def problems(text: str) -> list[str]:
    with pytest.raises(SourcesError) as caught:
        parse_sources(text)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_a_source_needs_an_id_and_an_address_only() -> None:
    (source,) = parse_sources("sources: [{id: a, url: 'https://a.example/feed'}]").sources
    assert source == Source(id="a", url="https://a.example/feed")
    assert (source.kind, source.full_text, source.reliability, source.family) == ("auto", "auto", "F", "a")
    assert source.interval == Interval(start=3600, min=900, max=86400)
    assert source.robots and source.enabled and not source.allow_private


def test_a_bare_list_is_a_file_too() -> None:
    assert parse_sources("- {id: a, url: 'https://a.example/'}").by_id["a"].host == "a.example"


def test_defaults_hold_where_a_source_says_nothing() -> None:
    found = parse_sources(
        "defaults: {contact: desk@example.org, interval: 2h, allow_private: true, reliability: C}\n"
        "sources:\n- {id: a, url: 'http://a.example/'}\n"
        "- {id: b, url: 'http://b.example/', reliability: A, interval: 15m}\n"
    )
    a, b = found.sources
    assert (a.interval.start, a.interval.min, a.interval.max) == (7200, 1800, 86400)
    assert (a.reliability, a.allow_private, b.reliability, b.interval.start) == ("C", True, "A", 900)
    assert found.user_agent == "tocsin/0.1 (news monitor for arms-transfer research; desk@example.org)"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("900", (900, 225, 86400)), ("15m", (900, 225, 86400)), ("2d", (172800, 43200, 172800)),
     ("{min: 10m, max: 3h}", (3600, 600, 10800)), ("{min: 2h}", (7200, 7200, 86400)),
     ("{start: 15s, min: 15s, max: 1m}", (15, 15, 60))],
)  # fmt: skip
def test_intervals(value: str, expected: tuple[int, int, int]) -> None:
    interval = parse_sources(f"- {{id: a, url: 'https://a.example/', interval: {value}}}").sources[0].interval
    assert (interval.start, interval.min, interval.max) == expected


@pytest.mark.parametrize(
    ("said", "meant"), [("rss", "feed"), ("Atom", "feed"), ("json", "json"), ("sitemap", "sitemap")]
)
def test_kinds(said: str, meant: str) -> None:
    assert parse_sources(f"- {{id: a, url: 'https://a.example/', kind: {said}}}").sources[0].kind == meant


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("url: ftp://a.example/", "sources.0.url: 'ftp://a.example/': only http:// and https:// addresses are polled"),
        ("url: 'https://'", "sources.0.url: 'https://' names no host"),
        ("url: https://u:p@a.example/", "sources.0.url: a name or password in an address would end up in logs"),
        ("kind: feeed", "sources.0.kind: 'feeed' is not one of 'auto', 'feed', 'html', 'sitemap' or 'json'"),
        ("intervall: 1h", "sources.0.intervall: unknown key; did you mean 'interval'?"),
        ("qqq: 1", "sources.0.qqq: unknown key; known are id, name, url"),
        ("interval: soon", "sources.0.interval: 'soon' is no length of time; write seconds, or 15m, 2h, 1d"),
        (
            "interval: {min: 3h, max: 1h}",
            "sources.0.interval: min 10800 ≤ start 3600 ≤ max 3600 (seconds) does not hold",
        ),
        ("interval: 0", "sources.0.interval: an interval is at least one second"),
        ("reliability: G", "sources.0.reliability: 'G' is not one of"),
        ("country: GB", "sources.0.country: 'GB' does not match ^[A-Z]{3}$"),
        ("timezone: Mars/Base", "sources.0.timezone: 'Mars/Base' is no time zone"),
        ("url_rules: {identity: '('}", "sources.0.url_rules.identity: '(' is no regular expression"),
        ("text: {body: '<<'}", "sources.0.text.body: '<<' is no CSS selector"),
        ("expect: {min_per_weak: 5}", "sources.0.expect.min_per_weak: unknown key; did you mean 'min_per_week'?"),
    ],
)
def test_errors_name_file_line_key_and_remedy(line: str, message: str) -> None:
    start = "" if line.startswith("url:") else "  url: https://a.example/\n"
    (found,) = problems(f"# a comment\nsources:\n- id: a\n{start}  {line}\n")
    number = 4 if line.startswith("url:") else 5
    assert found.startswith(f"sources.yaml:{number}: {message}")


def test_all_errors_are_told_at_once() -> None:
    found = problems(
        "sources:\n- url: https://a.example/\n- id: b\n  url: nonsense\n- id: 'c c'\n  url: https://c.example/\n"
    )
    assert [f.split(" ", 1)[0] for f in found] == ["sources.yaml:2:", "sources.yaml:4:", "sources.yaml:5:"]
    assert found[0] == "sources.yaml:2: sources.0.id: is missing"


def test_one_id_twice() -> None:
    text = "sources:\n- id: a\n  url: https://a.example/\n- id: a\n  url: https://b.example/\n"
    assert problems(text) == ["sources.yaml:4: sources.1.id: 'a' is already the id of source 1"]


def test_one_key_twice() -> None:
    assert problems("sources:\n- id: a\n  url: https://a.example/\n  url: https://b.example/\n") == [
        "sources.yaml:4: 'url' is given twice"
    ]


def test_a_listing_needs_selectors() -> None:
    (found,) = problems("- {id: a, url: 'https://a.example/', kind: html}")
    assert "kind: html needs listing: {item: …}" in found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("just words", "expected defaults: and sources:, found str"),
        ("sources: [", "not YAML"),
        ("sources:\n- {id: a}\n- id: b\n  name: 2024-13-01", "sources.yaml:4: not YAML: month must be in 1..12; put"),
        ("a: b\nc: " + "9" * 5000, "sources.yaml:2: not YAML: Exceeds the limit"),
        ("sources: 5", "sources.yaml:1: sources: "),
        ("a: b\n\tc: d", "sources.yaml:2: not YAML"),
    ],
)
def test_what_is_no_sources_file(text: str, message: str) -> None:
    assert message in problems(text)[0]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match=r"absent\.yaml: cannot be read: No such file"):
        load_sources(tmp_path / "absent.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"sources: [\xff]")
    with pytest.raises(SourcesError, match="is not UTF-8"):
        load_sources(tmp_path / "latin.yaml")


@given(st.text(max_size=80))
def test_any_text_is_sources_or_an_error(text: str) -> None:
    for whole in (text, f"sources:\n- id: a\n  url: https://a.example/\n  {text}"):
        try:
            found: Sources | list[str] = parse_sources(whole)
        except SourcesError as error:
            found = error.problems
        assert found


OPML = b"""<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Ports"><outline type="rss" text="Harbour &amp; Hangar" xmlUrl="https://h.example/feed"/>
<outline text="Harbour &amp; Hangar" xmlURL="https://h2.example/feed" language="fr-FR"/></outline>
<outline text="Twice" xmlUrl="https://h.example/feed"/><outline text="Bad" xmlUrl="ftp://x.example/"/>
<outline text="\xd0\x9f\xd0\xbe\xd1\x80\xd1\x82" xmlUrl="https://port.example/feed"/></body></opml>"""


def test_opml_in() -> None:
    sources, left_out = import_opml(OPML, taken=["harbour-hangar"])
    assert [(s.id, s.url, s.language, s.notes) for s in sources] == [
        ("harbour-hangar-2", "https://h.example/feed", None, "Ports"),
        ("harbour-hangar-3", "https://h2.example/feed", "fr", "Ports"),
        ("port-example", "https://port.example/feed", None, None),
    ]
    assert left_out == ["Bad: 'ftp://x.example/': only http:// and https:// addresses are polled"]


def test_opml_there_and_back() -> None:
    sources, _ = import_opml(OPML)
    again, left_out = import_opml(export_opml(sources))
    assert [(s.name, s.url) for s in again] == [(s.name, s.url) for s in sources] and left_out == []


def test_opml_groups_by_publisher() -> None:
    made = [Source(id=i, url=f"https://{i}.example/", publisher="un") for i in ("a", "b")]
    assert export_opml(made).count(b'<outline text="un">') == 1


@pytest.mark.parametrize("data", [b"", b"<rss/>", b"\x00\xff", b"not xml"])
def test_what_is_no_opml(data: bytes) -> None:
    with pytest.raises(OpmlError, match="not OPML"):
        import_opml(data)


def test_opml_opens_no_file() -> None:
    evil = b'<!DOCTYPE opml [<!ENTITY f SYSTEM "file:///etc/hostname">]><opml><body><outline text="&f;" xmlUrl="https://a.example/"/></body></opml>'
    sources, _ = import_opml(evil)
    assert [s.name for s in sources] == ["https://a.example/"]


def test_sources_as_yaml_read_back_the_same() -> None:
    made = Source(id="a", name="Ä", url="https://a.example/", interval=Interval(start=60, min=60, max=90))
    assert parse_sources(to_yaml([made])).sources == (made,)


def test_the_sources_that_come_with_tocsin() -> None:
    shipped = load_sources(Path(__file__).parents[2] / "sources.yaml").sources
    assert len({source.url for source in shipped}) == len(shipped) >= 60
    assert all(source.name and source.publisher and source.language and source.reliability != "F" for source in shipped)
    assert {"ar", "de", "en", "es", "fr", "ja", "ko", "pl", "pt", "ru", "sv", "uk", "zh"} <= {
        s.language for s in shipped
    }
    assert not any(source.allow_private or not source.robots for source in shipped)
    families = Counter(source.publisher for source in shipped)
    assert families["un"] >= 8 and len(families) >= 50
