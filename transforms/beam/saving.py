"""How a poll's problems are told, the same for rounds and for the stream."""

from __future__ import annotations

import logging

from transforms.poll import PollOutcome

_log = logging.getLogger("tocsin.poll")


def log_problems(outcome: PollOutcome) -> None:
    """Log what is wrong with a source and what to do about it."""
    for problem in outcome.problems:
        level = logging.WARNING if problem.fatal else logging.DEBUG
        remedy = f" ({problem.remedy})" if problem.remedy else ""
        id = outcome.state.id
        _log.log(level, "%s: %s%s", id, problem.message, remedy, extra={"fields": {"source": id}})
