"""Polling: the pure core. Given what is known of a source and an answer, decide what is new and when to ask again."""

from transforms.poll.decision import decide, decide_parts, plan
from transforms.poll.model import Hop, PollOutcome, Problem, Request, Response
from transforms.poll.schedule import initial_states, is_due

__all__ = [
    "Hop",
    "PollOutcome",
    "Problem",
    "Request",
    "Response",
    "decide",
    "decide_parts",
    "initial_states",
    "is_due",
    "plan",
]
