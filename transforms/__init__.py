"""The stages of Tocsin, the records that flow between them, and the knowledge they use.

Nothing here imports a sink or the command line (enforced by import-linter): stores and channels are reached through
the contracts in :mod:`transforms.contracts`.
"""
