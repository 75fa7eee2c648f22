"""Targets that are not public are never connected to."""

from __future__ import annotations

import socket

import pytest
from tests.digests.receiver import OPEN, listening, receiving

from broadsheet.digests import services
from broadsheet.digests.fence import FENCE, Fence, FencedError
from broadsheet.sources.live.fetching.exchange import open_client

INSIDE = (
    "127.0.0.1",
    "127.1",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "2130706433",
    "127.0.0.1.",
    "0.0.0.0",
    "localhost",
    "a.localhost",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fc00::1]",
    "[ff02::1]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
)


@pytest.mark.parametrize("host", INSIDE)
def test_what_is_not_public_is_refused_however_it_is_spelt(host):
    with pytest.raises(FencedError):
        FENCE.checked(f"http://{host}:8080/hook")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://example.org/",
        "ftp://example.org/",
        "//example.org",
        "example.org",
        "https://",
        "https://ada:secret@example.org/",
        "https://example.org/\n",
        "http://ex\u00adample.org/",
        "https://example.org/" + "x" * 3_000,
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url):
    with pytest.raises(FencedError):
        Fence(resolve=lambda _: ["93.184.215.14"]).checked(url)


@pytest.mark.parametrize(
    "found", [["10.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["::1"], ["169.254.169.254"]]
)
def test_a_name_that_leads_inside_by_any_of_its_addresses_is_refused_and_not_told_where_to(found):
    with pytest.raises(FencedError) as caught:
        Fence(resolve=lambda _: found).checked("https://hooks.example.org/secret")
    assert "secret" not in str(caught.value)
    assert not any(address in str(caught.value) for address in found)


def test_any_port_of_a_public_address_is_fine():
    assert FENCE.checked("https://93.184.215.14:8443/x")[1] == ["93.184.215.14"]


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_nothing_connects_to_a_port_of_this_machine(family, host):
    with open_client() as client, listening(family, host) as (port, was_called):
        name = f"[{host}]" if ":" in host else host
        for fence in (FENCE, Fence(resolve=lambda _: [host])):
            for url in (f"http://{name}:{port}/", f"http://hooks.example.org:{port}/"):
                with pytest.raises(FencedError):
                    fence.send(client, "POST", url, {}, b"{}")
        assert not was_called()


def test_a_name_that_leads_elsewhere_after_it_was_looked_at_is_connected_to_where_it_led_before():
    """The connection goes to the address that was looked at: nobody resolves the name again."""
    answers = [["127.0.0.1"], ["127.0.0.2"]]
    fence = Fence(resolve=lambda _: answers.pop(0), is_outside=lambda address: address == "127.0.0.1")
    with open_client() as client, receiving() as receiver:
        url = f"http://hooks.example.org:{receiver.port}/"
        assert fence.send(client, "POST", url, {}, b"{}").status == 204
        assert receiver.came[0][1]["host"] == f"hooks.example.org:{receiver.port}"
        with pytest.raises(FencedError):
            fence.send(client, "POST", url, {}, b"{}")
        assert len(receiver.came) == 1


def test_a_redirect_is_not_followed():
    with open_client() as client, receiving() as receiver, listening(socket.AF_INET, "127.0.0.1") as there:
        port, was_called = there
        receiver.answer, receiver.location = lambda _: 307, f"http://127.0.0.1:{port}/"
        assert OPEN.send(client, "POST", receiver.url, {}, b"{}").status == 307
        assert not was_called()
        assert len(receiver.came) == 1


@pytest.mark.parametrize(
    "url",
    [
        "ntfy://127.0.0.1:8080/x",
        "ntfys://[::1]/x",
        "gotify://10.0.0.1/abcdefghijklmno",
        "mmost://169.254.169.254/3ccdd113474722377935511fc85d3dd4",
        "matrix://ada:secret@localhost/!room:localhost",
        "zulip://bot@127.0.0.1/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/general",
        "workflows://192.168.0.1:443/643a03416c1b4c1eb0e08d6d4a0fa2bd/643a03416c1b4c1eb0e08d6d4a0fa2bd",
    ],
)
def test_a_server_of_a_service_that_is_not_public_is_refused_when_it_is_saved(url):
    with pytest.raises(FencedError):
        services.checked(url)
