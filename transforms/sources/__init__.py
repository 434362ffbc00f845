"""The configured sources: schema, loader, OPML."""

from transforms.sources.loader import SourcesError, load_sources, parse_sources
from transforms.sources.opml import OpmlError, export_opml, import_opml, to_yaml
from transforms.sources.schema import (
    Defaults,
    Expect,
    Interval,
    Listing,
    Source,
    Sources,
    TextRules,
    UrlRules,
)

__all__ = [
    "Defaults",
    "Expect",
    "Interval",
    "Listing",
    "OpmlError",
    "Source",
    "Sources",
    "SourcesError",
    "TextRules",
    "UrlRules",
    "export_opml",
    "import_opml",
    "load_sources",
    "parse_sources",
    "to_yaml",
]
