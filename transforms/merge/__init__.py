"""MergeEvents: claims from many articles become one event, whose every change is known."""

from transforms.merge.register import Merged, merge_reading, merge_readings

__all__ = ["Merged", "merge_reading", "merge_readings"]
