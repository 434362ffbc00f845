"""The stages as Beam composites: thin DoFns around the pure modules. Nothing else under ``transforms`` imports Beam."""
