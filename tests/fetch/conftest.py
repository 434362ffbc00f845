"""The same loopback site for the client and the pages."""

from tests.poll.conftest import poller, site

__all__ = ["poller", "site"]
