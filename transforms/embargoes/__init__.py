"""Arms embargoes: which instrument touched a party at a date. A flag with its source, not a verdict of guilt."""

from transforms.embargoes.lookup import Embargoes, embargoes

__all__ = ["Embargoes", "embargoes"]
