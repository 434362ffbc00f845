"""AssembleClaims: from mentions to claims: who supplied what to whom, who says so, who denies it."""
