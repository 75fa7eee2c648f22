"""The format of a file is recognised by what is in it, whatever it is called."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

import pytest
from click.testing import CliRunner
from tests.sources import references
from tests.sources.inputs import ABSTRACTS, SEEN, arxiv_line, footer, item, page

from broadsheet.cli.importing import import_
from broadsheet.sources.files.opening import open_source
from broadsheet.sources.files.readings import FileError
from broadsheet.sources.formats import FORMATS, reader, recognise

TIDES = next(iter(ABSTRACTS))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (references.ACL, "acl-xml"),
        (references.BIBTEX, "bibtex"),
        ("some words\n\n  @Article ( key,\n title = 1)", "bibtex"),
        ("@misc{,title={T}}", "bibtex"),
        ('@string{a = "b"}', "bibtex"),
        (references.RIS, "ris"),
        (references.RIS.replace("\n", "\r\n"), "ris"),
        ("Provider: somebody\n\nTY  - JOUR\n", "ris"),
        ("TY - JOUR\nTI - T\n", "ris"),
        ("  TY  - JOUR\n", "ris"),
        ("DB  - somebody\nTY  - JOUR\n", "ris"),
        ("TI  - T\nAU  - Vale, Ines\nPY  - 2024\nER  - \n", "ris"),
        (references.RIS.replace("\n", "\r"), "ris"),
        (references.PUBMED, "pubmed"),
        (references.PUBMED.replace("\n", "\r\n"), "pubmed"),
        ("OWN - ERIC\nTI  - T\n", "pubmed"),
        (references.WOS.removeprefix("\ufeff"), "wos"),
        ("PT J\nAU Vale, I\n", "wos"),
        ("PT\tAU\tBA\tTI\nJ\tVale, I\t\tT\n", "wos"),
        (json.dumps({"status": "ok", "message-type": "work", "message": references.CROSSREF}), "crossref"),
        (json.dumps({"message-type": "work-list", "message": {"items": []}}), "crossref"),
        (json.dumps(references.CROSSREF), "crossref"),
        (json.dumps([references.CROSSREF], indent=1), "crossref"),
        (json.dumps({"data": references.DATACITE}), "datacite"),
        (json.dumps(references.DATACITE["attributes"]), "datacite"),
        (references.ARXIV_ANSWER, "arxiv-api"),
        (json.dumps([references.ZOTERO, references.PREPRINT], indent=2), "csl-json"),
        (json.dumps(references.PREPRINT), "csl-json"),
        (f"{json.dumps(references.PREPRINT)}\n{json.dumps(references.ZOTERO)}", "csl-json"),
        ("\n<!-- a\ncomment -->\n<?a pi?><collection id='P06'>", "acl-xml"),
        ("<!DOCTYPE collection [<!ENTITY a '>'>]>\n<collection>", "acl-xml"),
        (page((TIDES, footer())), "saved-page"),
        (page((TIDES, footer())).replace("\n", "\r\n"), "saved-page"),
        (page((TIDES, footer()), header=["something else"]), "saved-page"),
        (page(), "saved-page"),
        ("\n<!DOCTYPE html>\n<html><body></body></html>", "saved-html"),
        ('<!-- saved from url=(0036)https://papers.example.org --><html lang="en">', "saved-html"),
        ('<div data-props="{}"></div>', "saved-html"),
        (json.dumps([item()]), "huggingface"),
        (json.dumps([repr(item())]), "huggingface"),
        (json.dumps([item()], indent=2), "huggingface"),
        ("[]", "huggingface"),
        (" [\n]\n", "huggingface"),
        (json.dumps({"date": "2026-11-09", "papers": [item()]}), "huggingface"),
        (json.dumps(item()["paper"]), "huggingface"),
        (json.dumps(item()) + "\n" + json.dumps(item()), "huggingface"),
        (arxiv_line().decode(), "arxiv-snapshot"),
        (arxiv_line(authors="Ines Vale, " * 200_000).decode(), "arxiv-snapshot"),
        ("{broken\n" + arxiv_line().decode(), "arxiv-snapshot"),
        ('{"broadsheet_export":1,"exported_at":"2026-11-22T00:00:00Z"}\n{"id":"x","records":[]}', "export"),
    ],
)
def test_a_format_is_recognised_by_its_content(content: str, name: str) -> None:
    assert recognise(content.encode()) == name


def test_the_real_files_are_recognised(shared: Path) -> None:
    found = {}
    for path in [
        *shared.glob("pages/*.txt"),
        *shared.glob("data/hf_daily/*"),
        *shared.glob("data/*.gz"),
        *shared.glob("data/acl/*"),
    ]:
        with open_source(path, now=SEEN) as opened:
            found.setdefault(recognise(opened.head), []).append(path)
    assert {name: len(paths) for name, paths in found.items()} == {
        "saved-page": 3,
        "huggingface": 73,
        "arxiv-snapshot": 1,
        "acl-xml": 22,
    }


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "it is empty"),
        (b" \n\n", "it is empty"),
        (b"PK\x03\x04rest", "zip archive: unpack it"),
        (bytes(257) + b"ustar", "tar archive: unpack it"),
        (b"BZh91AY", "bunzip2"),
        (b"\xfd7zXZ\x00", "unxz"),
        (b"%PDF-1.7", "a PDF"),
        (b"From: <Saved by Blink>", "web archive"),
        (b"\x89PNG\r\n", "format is not known"),
        (b"Dear reader, this is a letter.", "format is not known"),
        (b'{"name": "package", "version": 1}', "format is not known"),
        (b'[{"name": 1}]', "format is not known"),
        (b"[1, 2, 3]", "format is not known"),
        (b"<library><book/></library>", "format is not known"),
        (b'<collection xmlns="http://www.loc.gov/MARC21/slim"><record/></collection>', "format is not known"),
        (b"<collection>\n<record><leader/></record></collection>", "format is not known"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title>A feed</title></feed>', "format is not known"),
        (b"The PMID- of a paper. TY - thank you.", "format is not known"),
        (b"@media (width > 3em) {\n a, b { color: red }\n}", "format is not known"),
        (b"@pytest.mark.skip\n@property\ndef f(): pass", "format is not known"),
        (b'[{"title": "T", "type": "article"}]', "format is not known"),
    ],
)
def test_a_file_of_no_known_format_is_refused_with_what_to_do(content: bytes, advice: str) -> None:
    with pytest.raises(FileError, match=advice):
        recognise(content)


LISTED = "`broadsheet import --help` lists the formats that are read"


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("letter.txt", "Dear reader", ""),
        ("old/Tides.BIB", "nothing yet", "if it is BibTeX, `--format bibtex` reads it as that, else "),
        ("tides.ris.gz", "nothing yet", "if it is RIS, `--format ris` reads it as that, else "),
        ("tides.txt", "@article{\n", "if it is BibTeX, `--format bibtex` reads it as that, else "),
        ("standard input", "T2 - Tides\n", "if it is RIS, `--format ris` reads it as that, else "),
        (
            "tides.enw",
            "%0 Journal Article\n%T Waves\n",
            "it looks like EndNote's own tagged format: export it as",
        ),
        ("tides.tex", "\\documentclass{article}", "it looks like LaTeX: give the bibliography"),
        ("tides.rtf", "{\\rtf1 Tides}", "it looks like a text of a word processor: export it as BibTeX"),
        ("tides.json", '{"waves": 1}', "it looks like JSON, and has not"),
        ("tides.xml", "<?xml version='1.0'?><tides/>", "it looks like XML or HTML, and is of"),
        (
            "tides.csv",
            "Authors, Title ,Year\nVale,Waves,2024\n",
            "it looks like a table: export it as BibTeX",
        ),
        ("tides.csv", '"Year";"DOI"\n', "it looks like a table: export it as BibTeX"),
        ("tides.bin", "GIF\0\0", "it looks like no text at all"),
    ],
)
def test_a_refusal_says_what_the_file_may_be_and_where_the_formats_are_listed(
    name: str, content: str, advice: str
) -> None:
    with pytest.raises(FileError) as refused:
        recognise(content.encode(), name)
    said = str(refused.value)
    assert said.startswith(f"its format is not known; {advice}")
    assert said.endswith(LISTED)
    assert len(said) < 200


@pytest.mark.parametrize("name", FORMATS)
def test_the_help_of_the_import_lists_every_format(name: str) -> None:
    assert name in CliRunner().invoke(import_, ["--help"]).output.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("sign", ["\n", "@", "a, ", "A1", "<", "\t", "% ", "\\"])
def test_a_guess_takes_no_longer_than_the_file_is(sign: str) -> None:
    began = process_time()
    with pytest.raises(FileError):
        recognise(b"x" + (sign * 70_000).encode())
    assert process_time() - began < 1


def test_every_format_has_a_reader() -> None:
    assert all(callable(reader(name, page_year=None)) for name in FORMATS)
