"""Fixtures for tests in every folder."""

from __future__ import annotations

from tests.browser import chromium, view

__all__ = ["chromium", "view"]
