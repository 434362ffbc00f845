"""Weapons: the catalogue, the nouns of each language, the grammar of designations, and the recogniser over them."""

from transforms.recognise.weapons.catalogue import category_of, check_catalogue, records, sample
from transforms.recognise.weapons.recogniser import WeaponRecogniser

__all__ = ["WeaponRecogniser", "category_of", "check_catalogue", "records", "sample"]
