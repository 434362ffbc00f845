"""States in text: names, adjectives, abbreviations and metonyms, as ISO 3166-1 alpha-3."""

from transforms.recognise.states.recogniser import StateRecogniser, Survey, Toponym

__all__ = ["StateRecogniser", "Survey", "Toponym"]
