"""Archives of fetched bodies: WARC files that keep what a page said, for evidence and for replay (docs/exports.md)."""

from transforms.archive.keeping import Archiving, keep
from transforms.archive.model import Archive, ArchiveError, Capture, Location

__all__ = ["Archive", "ArchiveError", "Archiving", "Capture", "Location", "keep"]
