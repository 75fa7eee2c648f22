"""What an answer of a repository is, and what is none."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from oaipmh_scythe import HTTPConfig, Scythe
from tests.sources.live.oai_formats import DAY, YESTERDAY, paper
from tests.sources.live.oai_repository import SETS, repository

from broadsheet.sources.live.arxiv.oai_protocol import OaiError, OaiPage, parse

HEADER = "<header><identifier>oai:arXiv.org:2611.00001</identifier><datestamp>2026-11-21</datestamp></header>"
RECORD = f"<record>{HEADER}<metadata><arXiv>text</arXiv></metadata></record>"


def answer(inside: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{inside}</OAI-PMH>'.encode()


def page(inside: str) -> OaiPage:
    return parse(answer(f"<ListRecords>{inside}</ListRecords>"))


def test_a_page_has_its_records_and_the_token_for_the_next_one():
    token = '<resumptionToken expirationDate="2026-11-23T00:00:00Z"> a&amp;b </resumptionToken>'
    found = page(RECORD + token)
    (item,) = found.items
    assert (item.identifier, item.datestamp, item.is_deleted) == (
        "oai:arXiv.org:2611.00001",
        "2026-11-21",
        False,
    )
    assert item.metadata.text == "text"
    assert (found.token, found.expires) == ("a&b", datetime(2026, 11, 23, tzinfo=UTC))
    assert found.latest == date(2026, 11, 21)


@pytest.mark.parametrize("end", ["", "<resumptionToken/>", "<resumptionToken> </resumptionToken>"])
def test_the_last_page_has_no_token_or_an_empty_one(end):
    assert page(RECORD + end).token == ""


@pytest.mark.parametrize("expires", ["", "soon", "2026-11-23T00:00:00"])
def test_an_expiration_date_that_is_no_moment_is_none(expires):
    assert page(f'<resumptionToken expirationDate="{expires}">a</resumptionToken>').expires is None


def test_a_deleted_record_has_a_header_alone():
    (item,) = page(
        RECORD.replace("<header>", '<header status="deleted">').replace("metadata>", "about>")
    ).items
    assert (item.is_deleted, item.metadata) == (True, None)


def test_a_record_with_nothing_in_it_is_still_one_of_the_page():
    (item,) = page("<record/>").items
    assert (item.identifier, item.datestamp, item.metadata) == ("", "", None)
    assert page("<record/>").latest is None


def test_an_error_has_its_code_and_its_words():
    found = parse(answer('<error code="noRecordsMatch">nothing\nthere</error>'))
    assert (found.error, found.message, found.items) == ("noRecordsMatch", "nothing\ufffdthere", ())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not whole XML"),
        (answer(RECORD)[:-20], "not whole XML"),
        (answer("caf\u00e9").replace("é".encode(), b"\xe9"), "not whole XML"),
        (b"\n<!DOCTYPE HTML><p>Down<br>", "a web page"),
        (b"<html/>", "a web page"),
        (b"<feed/>", "begins with feed"),
        (b"<ListRecords/>", "begins with ListRecords"),
        (answer("<Identify/>"), "neither a list of records nor an error"),
        (b"<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'>" + answer("")[38:], "document type"),
        (b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]>" + answer("&b;")[38:], "document type"),
    ],
)
def test_what_is_no_answer_is_said_to_be_none(body, reason):
    with pytest.raises(OaiError, match=reason):
        parse(body)


@pytest.mark.parametrize("place", ["<a>&a9;</a>", '<a b="&a9;"/>'])
def test_entities_that_grow_out_of_measure_are_not_unfolded(place):
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 20}">' for n in range(1, 10))
    body = f'<!DOCTYPE a [<!ENTITY a0 "tide">{bomb}]>'.encode() + answer(place)[38:]
    with pytest.raises(OaiError):
        parse(body)


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8"])
def test_any_declared_encoding_is_read(encoding):
    body = answer('<error code="é"/>').decode().replace("UTF-8", encoding).encode(encoding)
    assert parse(body).error == "é"


def test_another_client_is_content_with_the_repository_of_these_tests():
    inside = [paper(number, changed=YESTERDAY - number % 3 * DAY) for number in range(25)]
    with repository(inside) as made, Scythe(made.url, http_config=HTTPConfig(timeout=5)) as client:
        assert client.identify().protocolVersion == "2.0"
        assert {one.metadataPrefix for one in client.list_metadata_formats()} == {
            "oai_dc",
            "arXiv",
            "arXivRaw",
        }
        assert [one.setSpec for one in client.list_sets()] == SETS
        for prefix in ("oai_dc", "arXiv", "arXivRaw"):
            records = list(client.list_records(metadata_prefix=prefix, set_="cs:cs:LG"))
            assert len({one.header.identifier for one in records}) == len(records) == 25
            assert all("Tide Tables" in str(one.metadata["title"]) for one in records)
        first = client.get_record(identifier="oai:arXiv.org:2611.00000", metadata_prefix="arXiv")
        assert first.metadata["created"] == ["2026-11-19"]
        headers = client.list_identifiers(from_=str(YESTERDAY), until=str(YESTERDAY), metadata_prefix="arXiv")
        assert len(list(headers)) == 9
