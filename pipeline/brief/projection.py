"""Longitude and latitude to the plane of the brief's map: the Natural Earth projection.

Source: T. Patterson; polynomial form by B. Šavrič, B. Jenny, T. Patterson, D. Petrovič, L. Hurni, "A Polynomial
Equation for the Natural Earth Projection", Cartography and Geographic Information Science 38(4), 2011.
"""

from __future__ import annotations

import math

CENTRE = 11.0
"""Central meridian, degrees east: the map's edge runs through the Bering Strait, so that no state is cut in two."""

NORTH, SOUTH = 83.7, -56.0
"""Latitudes of the map's edges: Antarctica is left out."""

WIDTH = 1000.0


def _plane(lon: float, lat: float) -> tuple[float, float]:
    """Natural Earth coordinates on the unit sphere; lon counts from the central meridian."""
    phi = math.radians(lat)
    p2 = phi * phi
    p4 = p2 * p2
    x = math.radians(lon) * (0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4)))
    y = phi * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)))
    return x, y


_SCALE = WIDTH / 2 / _plane(180.0, 0.0)[0]
_TOP = _plane(0.0, NORTH)[1]
HEIGHT = round((_TOP - _plane(0.0, SOUTH)[1]) * _SCALE, 1)


def project(lon: float, lat: float) -> tuple[float, float]:
    """Degrees to units of a map ``WIDTH`` × ``HEIGHT``, y downwards; any longitude, latitudes held to the poles."""
    x, y = _plane(relative(lon), max(-90.0, min(90.0, lat)))
    return WIDTH / 2 + x * _SCALE, (_TOP - y) * _SCALE


def relative(lon: float) -> float:
    """Degrees from the central meridian, −180 to 180."""
    return (lon - CENTRE + 180.0) % 360.0 - 180.0
