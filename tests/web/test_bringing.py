"""A reader looks at a file of a library, brings it in, and takes theirs out, on a page and by programs."""

from __future__ import annotations

import gzip
from datetime import timedelta

import orjson
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.people import bearer, person
from tests.web.press import paper, publish

from broadsheet.accounts.models import Person
from broadsheet.cli.library import library
from broadsheet.library import uploads
from broadsheet.library.models import Note, Saved, Upload
from broadsheet.site import bodies

pytestmark = pytest.mark.django_db
OURS = {"Sec-Fetch-Site": "same-origin"}
BIBTEX = b"""@misc{one, title = {Paper number 1}, eprint = {2611.00001}, archiveprefix = {arXiv}, keywords = {tides},
 annotation = {Mine.}}
@article{new, title = {Waves, <b>Reordered</b>}, author = {Vale, Ada}, year = 2025, doi = {10.1000/tides.9}}
@article{bad, title = {}}"""


@pytest.fixture
def ada() -> Person:
    publish(paper(1), paper(2))
    return person("ada")


def browser(who: Person) -> Client:
    client = Client(headers=OURS)
    client.force_login(who)
    return client


def looked(client: Client, content: bytes, name: str = "mine.bib", **fields: str) -> str:
    sent = {"file": SimpleUploadedFile(name, content), "state": "read", "adds": "yes", **fields}
    answer = client.post("/library/import", sent)
    assert answer.status_code == 200, answer.content
    return " ".join(answer.content.decode().split())


def test_a_file_is_looked_at_and_then_brought_in(ada):
    client = browser(ada)
    said = looked(client, gzip.compress(BIBTEX))
    assert "<strong>2 entries</strong> would be new in your library" in said
    assert "<strong>1 entry</strong> would be refused" in said
    assert "1 paper would be new in this catalogue" in said
    assert "the title is missing" in said
    assert not Saved.objects.exists()
    done = client.post("/library/import/take").content.decode()
    assert "Done." in done
    assert {row.named: row.state for row in Saved.objects.all()} == {
        "arxiv:2611.00001": "read",
        "doi:10.1000/tides.9": "read",
    }
    assert Note.objects.get().source == "Mine."
    assert not Upload.objects.exists()
    again = client.post("/library/import/take")
    assert again.status_code == 422
    assert "No file waits" in again.content.decode()
    assert "you have already" in looked(client, BIBTEX)


def test_a_list_is_pasted(ada):
    client = browser(ada)
    answer = client.post(
        "/library/import", {"text": "2611.00001\nhttps://arxiv.org/abs/2611.00002", "state": "to_read"}
    )
    assert "<strong>2 entries</strong>" in answer.content.decode()


def test_what_cannot_be_read_is_said_beside_the_form(ada):
    client = browser(ada)
    for fields in ({"text": ""}, {"text": "Only words."}, {"text": "2611.00001", "state": "burnt"}):
        answer = client.post("/library/import", {"state": "read", **fields})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
    assert not Upload.objects.exists()


def test_a_stranger_is_led_to_the_way_in(client, ada):
    assert client.get("/library/import").status_code == 302
    for address in ("/library/import", "/library/import/take"):
        assert client.post(address, {"text": "2611.00001"}, headers=OURS)["Location"].startswith(
            "/accounts/login"
        )
    assert client.get("/library/export.bib")["Location"].startswith("/accounts/login")


def test_a_file_that_nobody_brought_in_is_forgotten_after_a_day(ada):
    looked(browser(ada), BIBTEX)
    uploads.forget_old(now=timezone.now() + timedelta(hours=23))
    assert Upload.objects.exists()
    uploads.forget_old(now=timezone.now() + timedelta(hours=25))
    assert not Upload.objects.exists()


def test_a_library_goes_out_whole_or_by_what_is_searched_in_it(ada):
    client = browser(ada)
    looked(client, BIBTEX)
    client.post("/library/import/take")
    whole = client.get("/library/export.bib")
    assert whole["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert whole["Cache-Control"] == "private, no-store"
    assert 'filename="library-' in whole["Content-Disposition"]
    assert whole.content.count(b"@") == 2
    assert client.get("/library/export", {"form": "bib", "q": "tag:tides"}).content.count(b"@") == 1
    assert client.get("/library/export", {"form": "exe"}).status_code == 404
    bea = browser(person("bea"))
    assert bea.get("/library/export.json").content.count(b'"id"') == 0


def test_programs_bring_a_library_in_and_take_it_out(ada, client):
    may = bearer(ada, ["save"])
    address = "/api/v1/library/import?dry_run=true&state=read"
    report = client.post(address, BIBTEX, "application/x-bibtex", headers=may).json()
    told = ("dry_run", "new", "merged", "known", "asked", "refused", "added")
    assert [report[name] for name in told] == [True, 2, 0, 0, 0, 1, 1]
    assert report["entries"][0] == {
        "place": "line 4",
        "outcome": "refused",
        "paper": "",
        "title": "",
        "reason": "the title is missing",
    }
    assert not Saved.objects.exists()
    form = {"file": SimpleUploadedFile("x", BIBTEX)}
    assert client.post("/api/v1/library/import", form, headers=may).json()["new"] == 2
    assert client.post("/api/v1/library/import", {"text": "2611.00001"}, headers=may).json()["known"] == 1
    out = client.get("/api/v1/library/export", headers=may)
    assert {one["id"] for one in orjson.loads(out.content)["papers"]} == {"2611.00001", "doi:10.1000/tides.9"}
    tagged = client.get("/api/v1/library/export?form=ris&q=tag:tides", headers=may).content
    assert tagged.count(b"ER  -") == 1


def test_a_program_without_the_scope_learns_nothing(ada, client):
    for scopes in (["read"], ["vote", "comment"]):
        may = bearer(ada, scopes)
        assert (
            client.post("/api/v1/library/import", b"2611.00001", "text/plain", headers=may).status_code == 403
        )
        assert client.get("/api/v1/library/export", headers=may).status_code == 403
    assert client.get("/api/v1/library/export").status_code == 401


def test_what_a_program_sends_wrong_is_a_problem_in_words(ada, client):
    may = bearer(ada, ["save"])
    for query, content in (("", b""), ("?format=doc", b"x"), ("?state=burnt", b"x"), ("?lines=-1", b"x")):
        answer = client.post(f"/api/v1/library/import{query}", content, "text/plain", headers=may)
        assert answer.status_code == 400, query
        assert answer["Content-Type"] == "application/problem+json"


def test_a_library_may_be_longer_than_a_form_and_no_longer_than_that(ada):
    client = browser(ada)
    padded = BIBTEX + b"% " + b"x" * (bodies.LONGEST + 1) + b"\n"
    assert "would be new" in looked(client, padded)
    sent = {"file": SimpleUploadedFile("x", b" " * (bodies.LONGEST_LIBRARY + 1))}
    answer = client.post("/library/import", sent)
    assert answer.status_code == 413
    assert f"no more than {bodies.LONGEST_LIBRARY:,} bytes" in answer.content.decode()


def test_a_command_brings_a_library_in_and_takes_it_out(ada, tmp_path):
    (tmp_path / "mine.bib").write_bytes(BIBTEX)

    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(library, arguments)
        assert result.exit_code == code, result.output
        return result.output

    dry = run("import", "ada", str(tmp_path / "mine.bib"), "--dry-run", "--state", "read")
    assert "refused: line 4: the title is missing" in dry
    assert "It would be: new 2, merged 0, known 0, asked 0, refused 1. New in the catalogue: 1." in dry
    assert not Saved.objects.exists()
    assert "Done: new 2" in run("import", "ada", str(tmp_path / "mine.bib"))
    assert "known 2" in run("import", "ada", str(tmp_path / "mine.bib"))
    assert run("export", "ada", "-", "--as", "bib").count("@") == 2
    run("export", "ada", str(tmp_path / "out.csl.json"), "--only", "tag:tides")
    assert len(orjson.loads((tmp_path / "out.csl.json").read_bytes())) == 1
    assert "Nobody here" in run("export", "zoe", "-", "--as", "bib", code=1)
    assert "--as" in run("export", "ada", str(tmp_path / "out.doc"), code=2)
