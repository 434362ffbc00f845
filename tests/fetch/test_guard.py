"""The address guard: private addresses refused by name, number, redirect, and under a name that changes its mind."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.poll.poller import Poller, item, rss
from tests.poll.site import Answer, Site
from transforms.fetch import Client
from transforms.fetch.guard import is_public, may_be_private
from transforms.poll import Response


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.7", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fd00:ec2::254", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2002:a9fe:a9fe::", "192.0.0.8", "fec0::1", "3fff::1", "64:ff9b:1::a00:1", "not an address",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"]
)
def test_addresses_that_are(address: str) -> None:
    assert is_public(address)


def get(url: str, answers: dict[str, list[list[str]]], *, private: bool = False) -> tuple[Response, list[str]]:
    """Get with a resolver that gives a host's answers in turn; returns also what was resolved."""
    resolved: list[str] = []

    async def resolver(host: str, port: int) -> list[str]:
        resolved.append(host)
        turns = answers.get(host)
        if turns is None:
            raise OSError(-2, "Name or service not known")
        return turns.pop(0) if len(turns) > 1 else turns[0]

    async def run() -> Response:
        async with Client("t", resolver=resolver) as client:
            return await client.get(url, private=private, robots=False)

    return asyncio.run(run()), resolved


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_this_machine_under_every_name_is_refused(site: Site, host: str) -> None:
    async def run() -> Response:
        async with Client("t") as client:
            return await client.get(site.root.replace("127.0.0.1", host) + "/feed", robots=False)

    response = asyncio.run(run())
    assert response.failure in {"refused", "dns", "address"} and site.asked == []
    assert host != "127.0.0.1" or response.failure == "refused"


def test_a_name_that_points_inside_is_refused(site: Site) -> None:
    url = site.root.replace("127.0.0.1", "feeds.example") + "/feed"
    response, _ = get(url, {"feeds.example": [["127.0.0.1"]]})
    assert response.failure == "refused" and site.asked == []
    assert "feeds.example is at 127.0.0.1, which is not a public address" in response.message


def test_the_connection_goes_to_the_address_that_was_checked(site: Site) -> None:
    """A name is resolved once a connection: what it says a moment later is never asked."""
    site.on("/feed", "hello there")
    url = site.root.replace("127.0.0.1", "feeds.example") + "/feed"
    response, resolved = get(url, {"feeds.example": [["127.0.0.1"], ["10.255.255.1"]]}, private=True)
    assert response.body == b"hello there" and resolved == ["feeds.example"]
    assert site.last("/feed").headers["host"].startswith("feeds.example:")


def test_of_mixed_addresses_only_public_ones_are_tried(site: Site) -> None:
    url = site.root.replace("127.0.0.1", "feeds.example") + "/feed"
    response, _ = get(url, {"feeds.example": [["169.254.169.254", "127.0.0.1"]]})
    assert response.failure == "refused" and site.asked == []


@pytest.mark.parametrize("address", ["0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1", "::ffff:0.0.0.0"])
def test_where_no_feed_can_be_is_refused_to_a_private_source_too(address: str) -> None:
    response, _ = get("http://feeds.example/feed", {"feeds.example": [[address]]}, private=True)
    assert response.failure == "refused"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.0.9", "fd12::1", "169.254.7.7", "fe80::1%eth0"])
def test_a_private_source_may_be_on_loopback_private_and_link_local_networks(address: str) -> None:
    assert may_be_private(address, redirected=False) and not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "169.254.170.2", "fd00:ec2::254", "fe80::1", "::ffff:169.254.169.254", "100.100.100.200"],
)
def test_no_redirect_leads_a_private_source_to_a_metadata_service(address: str) -> None:
    assert may_be_private(address, redirected=False) and not may_be_private(address, redirected=True)


def test_a_private_source_that_redirects_to_the_metadata_service_is_refused_there(site: Site) -> None:
    site.on("/feed", Answer(status=302, headers={"Location": "http://metadata.example/latest/credentials"}))
    url = site.root.replace("127.0.0.1", "feeds.example") + "/feed"
    answers = {"feeds.example": [["127.0.0.1"]], "metadata.example": [["169.254.169.254"]]}
    response, resolved = get(url, answers, private=True)
    assert response.failure == "refused" and "no redirect may lead" in response.message
    assert resolved == ["feeds.example", "metadata.example"]


def test_a_name_that_does_not_resolve_says_so() -> None:
    response, _ = get("http://nowhere.example/feed", {})
    assert response.failure == "dns" and "nowhere.example does not resolve" in response.message


@pytest.mark.parametrize(
    "url", ["ftp://a.example/x", "file:///etc/passwd", "gopher://a.example", "http://", "//a.example"]
)
def test_other_protocols_are_refused(url: str) -> None:
    response, resolved = get(url, {})
    assert response.failure in {"refused", "address"} and resolved == []


def test_a_source_on_loopback_needs_to_say_so(site: Site, poller: Poller) -> None:
    site.on("/feed", rss(item("Kept", guid="1")))
    outcome = poller.poll(allow_private=False)
    assert outcome.problems[0].kind == "refused" and "allow_private" in outcome.problems[0].remedy
    assert site.asked == []
    assert poller.poll(allow_private=True).result == "changed"


def test_a_connection_made_for_a_private_source_serves_no_other(site: Site, poller: Poller) -> None:
    site.on("/feed", rss(item("Kept", guid="1")))
    assert poller.poll(allow_private=True).result == "changed"
    count = len(site.asked)
    assert poller.poll(allow_private=False).problems[0].kind == "refused"
    assert len(site.asked) == count


def test_a_public_address_that_redirects_inside_is_refused_at_the_hop(site: Site) -> None:
    """The first hop is let through by a resolver that calls it public only in name; the second is checked anew."""
    site.on("/feed", Answer(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data"}))
    reached: list[str] = []

    async def run() -> Response:
        async with Client("t") as client:
            once = client._once

            async def watched(url: str, address: object, asked: object) -> Response:
                reached.append(url)
                public = url.endswith("/feed")  # this hop stands for a public host
                return await once(url, address, replace(asked, private=public))  # type: ignore[arg-type, type-var]

            client._once = watched  # type: ignore[method-assign]
            return await client.get(site.url("/feed"), robots=False)

    response = asyncio.run(run())
    assert response.failure == "refused" and "169.254.169.254" in response.message
    assert reached == [site.url("/feed"), "http://169.254.169.254/latest/meta-data"]
    assert response.hops[0].target == "http://169.254.169.254/latest/meta-data"
