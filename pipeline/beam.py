"""How Beam is started: which runner, with which options."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from apache_beam.options.pipeline_options import PipelineOptions

IN_PROCESS = "FnApiRunner"
"""The in-process engine by its own name: ``DirectRunner`` may try to download another one (design.md, "Runners")."""


def options(runner: str, extra: Sequence[str] = ()) -> PipelineOptions:
    """Beam's options for a runner; ``extra`` are Beam flags as given on the command line."""
    logging.getLogger("apache_beam").setLevel(logging.WARNING)
    name = IN_PROCESS if runner in {"DirectRunner", "FnApiRunner"} else runner
    return PipelineOptions([f"--runner={name}", *extra])
