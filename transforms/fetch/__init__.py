"""Fetching: the HTTP client and the shells that poll sources and bring the pages of entries."""

from transforms.fetch.client import Client, Limits
from transforms.fetch.feeds import due_sources, poll_many, poll_source
from transforms.fetch.pages import Failed, Outcome, Retrieved, Retry, Wanted, fetch_many, fetch_page
from transforms.fetch.politeness import Manners
from transforms.fetch.worker import ClientFactory, FetchWorker, client_factory

__all__ = [
    "Client",
    "ClientFactory",
    "Failed",
    "FetchWorker",
    "Limits",
    "Manners",
    "Outcome",
    "Retrieved",
    "Retry",
    "Wanted",
    "client_factory",
    "due_sources",
    "fetch_many",
    "fetch_page",
    "poll_many",
    "poll_source",
]
