"""AssembleClaims: from mentions to claims: who supplied what to whom, who says so, who denies it."""

from transforms.claims.assembly import Assembly, assemble, explain

__all__ = ["Assembly", "assemble", "explain"]
