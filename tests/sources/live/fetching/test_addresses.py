"""Requests go to our own hosts and to public addresses, whoever gives the address, however it is spelt."""

from __future__ import annotations

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.local_server import Reply, serving

from broadsheet.sources.live.fetching.addresses import addresses_of, is_public, redirected
from broadsheet.sources.live.fetching.backoff import RefusalError
from broadsheet.sources.live.fetching.fetcher import FetchError

PUBLIC = "93.184.216.34"


def found(url, *addresses, is_own=False):
    return addresses_of(httpx2.URL(url), is_own=is_own, resolve=lambda _: list(addresses))


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1"),
        *("169.254.169.254", "192.0.0.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "240.0.0.1"),
        *("255.255.255.255", "100.100.100.200", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1"),
        *("fd00:ec2::254", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
        *("::127.0.0.1", "fec0::1"),
    ],
)
def test_what_is_not_routed_in_the_internet_is_not_asked(address):
    assert not is_public(address)
    with pytest.raises(RefusalError, match="is not a public address"):
        found("https://papers.example", address)


@pytest.mark.parametrize(
    "address", [PUBLIC, "151.101.3.42", "2a04:4e42::810", f"::ffff:{PUBLIC}", "64:ff9b::5db8:d822"]
)
def test_public_addresses_are_asked(address):
    assert found("https://papers.example/a", address) == [address]


@given(st.ip_addresses())
def test_every_address_is_public_or_not(address):
    assert is_public(str(address)) in {True, False}


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    with pytest.raises(RefusalError, match=r"is not a public address \(10\.0\.0\.1\)"):
        found("https://papers.example", PUBLIC, "10.0.0.1")


def test_our_own_hosts_may_be_anywhere():
    assert found("http://me:password@papers.internal:8080", "10.0.0.1", is_own=True) == ["10.0.0.1"]


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://papers.example/", "file:///etc/passwd", "javascript:alert(1)", "gopher://papers.example"),
        *("http:///papers", "papers.example", "", "http://papers.example:0/", "http://papers.example:65536"),
        "https://user:password@papers.example/",
    ],
)
def test_what_is_no_address_of_a_web_server_is_not_asked(url):
    with pytest.raises(RefusalError):
        found(url, PUBLIC)


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0x7f.1", "127.1", "localhost", "LOCALHOST", "[::ffff:7f00:1]", "0"]
)
def test_loopback_is_seen_through_however_it_is_spelt(host):
    with pytest.raises(RefusalError, match="is not a public address"):
        addresses_of(httpx2.URL(f"http://{host}/"), is_own=False)


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "papers..example"])
def test_a_name_that_nobody_can_have_is_a_refusal(host):
    with pytest.raises(RefusalError, match="has no address"):
        addresses_of(httpx2.URL(f"http://{host}/"), is_own=False)


def test_a_redirect_may_be_relative_but_not_give_up_encryption():
    here = httpx2.URL("https://papers.example/a/b?c#d")
    plain = ("http", "mirror.internal", 80)
    assert redirected(here, "../e", frozenset()) == "https://papers.example/e"
    assert redirected(here, "//other.example", frozenset()) == "https://other.example"
    assert redirected(here, "http://mirror.internal/", frozenset({plain})) == "http://mirror.internal/"
    for location in ("http://papers.example/", "http://mirror.internal:8080/"):
        with pytest.raises(RefusalError, match="from https to http"):
            redirected(here, location, frozenset({plain}))
    with pytest.raises(RefusalError, match="not an address"):
        redirected(here, "http://[::", frozenset())


@pytest.mark.django_db
class TestRedirects:
    """As they are followed."""

    def test_redirects_to_our_own_hosts_are_followed_with_what_was_seen(self, fetcher, configure):
        def respond(request):
            steps = {"/": "/one", "/one": "two", "/two": f"{other.url}/three"}
            return Reply(status=302, headers={"Location": steps[request.path]})

        with serving(lambda _: Reply(b"here")) as other, serving(respond) as server:
            configure(hf_url=server.url, biorxiv_url=other.url)
            answer = fetcher.get(server.url, {"q": "1"})
        assert (answer.url, answer.body) == (f"{other.url}/three", b"here")
        assert [(r.path, r.query) for r in server.requests] == [("/", {"q": "1"}), ("/one", {}), ("/two", {})]

    @pytest.mark.parametrize("target", ["http://127.0.0.1:{port}/", "http://localhost:{port}/admin"])
    def test_a_redirect_to_a_server_beside_our_own_is_not_followed(self, fetcher, configure, target):
        with serving(lambda _: Reply(b"secret")) as inside:
            location = target.format(port=httpx2.URL(inside.url).port)
            with serving(lambda _: Reply(status=301, headers={"Location": location})) as server:
                configure(hf_url=server.url)
                with pytest.raises(FetchError, match="is not a public address") as problem:
                    fetcher.get(server.url)
        assert inside.requests == []
        assert f"(where {server.url.removeprefix('http://')} redirects to)" in str(problem.value)

    def test_a_stranger_is_not_asked_on_this_machine(self, fetcher):
        with serving(lambda _: Reply(b"secret")) as server, pytest.raises(FetchError, match="not a public"):
            fetcher.get(server.url)
        assert server.requests == []

    @pytest.mark.parametrize("headers", [{}, {"Location": "http://[::"}, {"Location": "file:///etc/passwd"}])
    def test_a_redirect_to_nowhere_is_a_refusal(self, fetcher, configure, headers):
        with serving(lambda _: Reply(status=308, headers=headers)) as server:
            configure(hf_url=server.url)
            with pytest.raises(FetchError):
                fetcher.get(server.url)
        assert len(server.requests) == 1

    def test_a_circle_of_redirects_ends_after_five(self, fetcher, configure):
        with serving(lambda _: Reply(status=307, headers={"Location": "/"})) as server:
            configure(hf_url=server.url)
            with pytest.raises(FetchError, match="redirects again after 5 redirects"):
                fetcher.get(server.url)
        assert len(server.requests) == 6
