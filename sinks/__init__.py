"""Implementations of the store and channel contracts of :mod:`transforms.contracts`."""
