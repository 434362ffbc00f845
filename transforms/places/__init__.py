"""Geocode offline: a gazetteer in one file, and which of the places of one name a document means."""

from transforms.places.claims import geocode_claims
from transforms.places.gazetteer import Gazetteer, GazetteerError, Place, gazetteer
from transforms.places.resolve import Resolved, resolve

__all__ = ["Gazetteer", "GazetteerError", "Place", "Resolved", "gazetteer", "geocode_claims", "resolve"]
