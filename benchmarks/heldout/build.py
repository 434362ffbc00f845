"""Build `docs/NNN.json` and `gold/NNN.json` from the marked-up documents in `marked/*.txt`.

    python -m benchmarks.heldout.build

A document opens with `=== id|lang|published|yes or no (relevant)|source|title` and runs to the next one or to `@@`;
each line after that is a claim: `1; USA>UKR; delivered; confirmed; by=Pentagon:USA; no=; n=20; w=tanks`. In the
text `{surface|label}` marks a mention, nested where needed. Labels: `UKR` a state (`UKR*` a metonym); `w:II` a weapon
of a category (`w:II!` named); `@2024-07-29` a date; `#UKR 49.99 36.23` a place; `q20`, `q>20`, `q<20`, `q20-30` goods;
`$USD 1.7e9` money (`$>USD`, `$<USD` bounds); `c1` the evidence of claim 1. Offsets are counted here, never by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
CATEGORIES = {"ammo": "ammunition", "comp": "components", "AD": "air_defence", "mis": "missile", "exp": "explosives",
              "ta": "transport_aircraft", "gen": "generic"}  # fmt: skip
Row = dict[str, object]


def unmark(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The plain text and its `(start, end, label)` marks; raises ValueError on a mark left open."""
    out: list[str] = []
    spans: list[tuple[int, int, str]] = []
    opened: list[int] = []
    for piece in re.split(r"([{]|\|[^|{}]*[}])", marked):
        if piece == "{":
            opened.append(sum(map(len, out)))
        elif piece.endswith("}"):
            spans.append((opened.pop(), sum(map(len, out)), piece[1:-1]))
        else:
            out.append(piece)
    if opened:
        raise ValueError(f"a mark was never closed: {''.join(out)[opened[-1] :][:60]!r}")
    return "".join(out), sorted(spans)


def number(text: str) -> float | int:
    value = float(text)
    return int(value) if value == int(value) else value


def bounds(text: str) -> Row:
    """`20`, `>20`, `<20` or `20-30` as the gold writes a quantity."""
    if "-" in text:
        low, high = text.split("-")
        return {"min": number(low), "max": number(high)}
    return {{">": "min", "<": "max"}.get(text[0], "number"): number(text.lstrip("<>"))}


def voices(text: str) -> list[Row]:
    return [
        {"name": n.strip(), "iso3": i.strip() or None} for n, _, i in (v.partition(":") for v in text.split(",")) if n
    ]


def party(text: str) -> tuple[str | None, str | None]:
    return (text, None) if re.fullmatch(r"[A-Z]{3}", text) else (None, text if text != "?" else None)


def claim(line: str, text: str, evidence: dict[str, tuple[int, int]], weapons: list[Row]) -> Row:
    key, pair, stage, standing, *more = (part.strip() for part in line.split(";"))
    said = dict(part.split("=", 1) for part in more)
    start, end = evidence[key]
    supplier, recipient = (party(p.strip()) for p in pair.split(">"))
    if said.get("w") == "-":
        goods: list[object] = []
    elif "w" in said:
        goods = [w.strip() for w in said["w"].split(",")]
    else:
        goods = [w["canonical"] for w in weapons if start <= int(str(w["start"])) < end]
    known = {w["canonical"] for w in weapons}
    goods = [next((k for k in known if g == k), None) or next((k for k in known if str(g) in str(k)), g) for g in goods]
    if set(goods) - known:
        raise ValueError(f"no such weapon: {set(goods) - known}")
    return {
        "supplier": supplier[0], "supplier_name": supplier[1],
        "recipient": recipient[0], "recipient_name": recipient[1],
        "weapons": list(dict.fromkeys(goods)), "stage": stage, "standing": standing, "date": said.get("d"),
        "number": bounds(said["n"]) if "n" in said else None, "asserters": voices(said.get("by", "")),
        "deniers": voices(said.get("no", "")), "evidence": text[start:end], "start": start, "end": end, "places": [],
    }  # fmt: skip


def document(head: str, body: str, claims: list[str]) -> tuple[Row, Row]:
    """The document and its gold."""
    name, lang, published, relevant, source, title = head.split("|", 5)
    text, spans = unmark(body.strip("\n"))
    gold: dict[str, list[Row]] = {k: [] for k in ("states", "weapons", "dates", "places", "quantities")}
    evidence: dict[str, tuple[int, int]] = {}
    for start, end, label in spans:
        row: Row = {"text": text[start:end], "start": start, "end": end}
        if re.fullmatch(r"[A-Z]{3}\*?", label):
            gold["states"].append({**row, "iso3": label[:3], "metonym": label.endswith("*")})
        elif label.startswith("w:"):
            kind = label[2:].rstrip("!")
            canonical = " ".join(text[start:end].lower().split())
            gold["weapons"].append(
                {**row, "canonical": canonical, "category": CATEGORIES.get(kind, kind), "named": label.endswith("!")}
            )
        elif label.startswith("@"):
            gold["dates"].append({**row, "value": label[1:]})
        elif label.startswith("#"):
            country, lat, lon = label[1:].split()
            gold["places"].append(
                {**row, "country": None if country == "-" else country, "lat": float(lat), "lon": float(lon)}
            )
        elif label.startswith("q"):
            gold["quantities"].append({**row, "class": "goods", **bounds(label[1:])})
        elif label.startswith("$"):
            sign, currency, amount = re.fullmatch(r"\$([<>]?)([A-Z]{3}) (\S+)", label).groups()  # type: ignore[union-attr]
            gold["quantities"].append({**row, "class": "money", "currency": currency, **bounds(sign + amount)})
        elif re.fullmatch(r"c\d+", label):
            evidence[label[1:]] = (start, end)
        else:
            raise ValueError(f"{name}: unknown label {label!r}")
    gold["weapons"] = joined(gold["weapons"], text)
    transfers = [claim(line, text, evidence, gold["weapons"]) for line in claims]
    doc: Row = {"id": name, "url": f"https://heldout.example/{name}", "title": title, "published": published,
                "lang": lang, "source": source, "text": text}  # fmt: skip
    return doc, {"id": name, "scope": "distinct", "relevant": relevant == "yes", **gold, "transfers": transfers}


def _beside(last: Row, row: Row, text: str) -> bool:
    """Whether a weapon follows another at once, or stands inside it."""
    gap = text[int(str(last["end"])) : int(str(row["start"]))]
    return gap in (" ", "-class ") or int(str(row["start"])) < int(str(last["end"]))


def joined(weapons: list[Row], text: str) -> list[Row]:
    """Weapons that stand side by side, one of them named, are one mention: "T-72 tanks", "tanques T-72"."""
    found: list[Row] = []
    for row in weapons:
        last = found[-1] if found else None
        if last and _beside(last, row, text) and (last["named"] or row["named"]):
            span = text[int(str(last["start"])) : max(int(str(last["end"])), int(str(row["end"])))]
            sure = last if last["named"] else row
            found[-1] = {**sure, "start": last["start"], "end": int(str(last["start"])) + len(span), "text": span,
                         "canonical": " ".join(span.lower().split())}  # fmt: skip
        else:
            found.append(row)
    return found


def documents(marked: str) -> Iterator[tuple[Row, Row]]:
    for part in re.split(r"(?m)^=== ", marked)[1:]:
        head, _, rest = part.partition("\n")
        body, _, claims = rest.partition("\n@@\n")
        try:
            yield document(head, body, [c for c in claims.splitlines() if c.strip()])
        except (ValueError, KeyError, IndexError) as error:
            raise ValueError(f"{head}: {error!r}") from error


def main() -> None:
    (HERE / "docs").mkdir(exist_ok=True)
    (HERE / "gold").mkdir(exist_ok=True)
    lines = []
    for source in sorted((HERE / "marked").glob("*.txt")):
        for doc, gold in documents(source.read_text(encoding="utf-8")):
            lines.append(json.dumps(doc, ensure_ascii=False))
            for folder, row in (("docs", doc), ("gold", gold)):
                path = HERE / folder / f"{doc['id']}.json"
                path.write_text(json.dumps(row, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (HERE / "docs.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
