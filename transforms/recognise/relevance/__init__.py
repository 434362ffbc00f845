"""Relevance: a cheap first pass over the text, and the decision over what was recognised."""

from transforms.recognise.relevance.decide import relevant, score
from transforms.recognise.relevance.features import Features, features
from transforms.recognise.relevance.firstpass import first_pass

__all__ = ["Features", "features", "first_pass", "relevant", "score"]
