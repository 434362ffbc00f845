"""Own texts for the tests of reading, and a minimal PDF with a text on each page."""

from __future__ import annotations

from collections.abc import Sequence

NORLAND = (
    "Norway has handed over 18 refurbished howitzers to Moldova, the defence ministry in Oslo said on Tuesday.\n\n"
    "The guns left the port of Narvik on a chartered freighter and were taken by rail from Constanta to a depot "
    "outside Balti, a spokesman said. Crews had trained on them since March.\n\n"
    "Parliament approved the gift last autumn against the votes of two small parties, which had asked for the money to "
    "be spent on hospitals. The contract for 4,200 rounds of ammunition is worth 31 million kroner.\n\n"
    "Chisinau said that it would place the howitzers with a new battalion. Its minister thanked the Norwegian people "
    "and announced a visit in June, when a second shipment of radios and trucks is expected."
)
"""A report of four paragraphs."""

ESTONIA = (
    "Estonia will sell 40 mine-clearing vehicles to Ghana under an agreement signed in Accra, its economy minister "
    "told reporters.\n\n"
    "Workers in Tartu are to rebuild the chassis before winter. Half of the price is covered by a loan of 12 million "
    "euros, and the rest is to be paid in three instalments.\n\n"
    "The opposition wants to see the papers. It recalled that an earlier deal for patrol boats had ended in court "
    "after the engines failed on the first day at sea."
)


def pdf(pages: Sequence[str]) -> bytes:
    """A PDF 1.4 of these pages, one line each (Latin letters only)."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for text in pages:
        stream = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET"
        page = len(objects) + 1
        kids.append(f"{page} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {page + 1} 0 R "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{o:010} 00000 n \n" for o in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("latin-1")
