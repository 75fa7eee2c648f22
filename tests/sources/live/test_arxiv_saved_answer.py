"""A saved answer of arXiv's export API."""

from __future__ import annotations

import pytest
from tests.sources.inputs import SEEN, source
from tests.sources.references import ARXIV_ANSWER

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import Record
from broadsheet.sources.files.readings import FileError
from broadsheet.sources.live.arxiv.saved_answer import read


def test_a_saved_answer_is_read_as_seen_when_it_was_saved() -> None:
    [record] = read(source(ARXIV_ANSWER))
    assert isinstance(record, Record)
    assert (record.source, record.key, record.title) == ("arxiv", "2611.04242", "Walking on Sand")
    assert record.identifiers == (Identifier("arxiv", "2611.04242"), Identifier("doi", "10.1234/sand"))
    assert [version.number for version in record.versions] == [1, 2]
    assert record.observed_at == SEEN


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (ARXIV_ANSWER[:-20], "it is no answer of arXiv: it is not whole XML"),
        ("<html></html>", "it is no answer of arXiv: it is a web page"),
        (ARXIV_ANSWER.replace("abs/2611.04242v2", "api/errors#x"), "one of the ids asked for is malformed"),
    ],
)
def test_what_is_no_answer_is_refused(content: str, reason: str) -> None:
    with pytest.raises(FileError, match=reason):
        list(read(source(content)))
