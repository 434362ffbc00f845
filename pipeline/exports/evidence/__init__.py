"""An evidence pack: all that an event rests on, in one file that can be checked without Tocsin (docs/exports.md)."""

from pipeline.exports.evidence.gather import Bodies, Dossier, gather
from pipeline.exports.evidence.pack import files, write_zip

__all__ = ["Bodies", "Dossier", "files", "gather", "write_zip"]
