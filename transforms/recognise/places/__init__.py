"""Toponyms below state level, found in their context and geocoded."""

from transforms.recognise.places.recogniser import PlaceRecogniser

__all__ = ["PlaceRecogniser"]
