"""Authors claim their papers and give them links by Hugging Face's routes, with the ids that its lists tell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone
from tests.api.huggingface.recorded import NORTH_LAB, complete, listed, publish
from tests.people import bearer, person
from tests.web.press import paper
from tests.web.press import publish as store

from broadsheet.accounts.access import Viewer
from broadsheet.community import claiming
from broadsheet.community.models import Claim, Deed
from broadsheet.papers.models import Paper
from broadsheet.papers.record import OrganizationName

pytestmark = pytest.mark.django_db
CLAIM = "/api/settings/papers/claim"
REPO = "https://github.com/northlab-example/tides-again"


@pytest.fixture
def send(client):
    """Post JSON: `send("/api/settings/papers/claim", mira, paperId=...)`."""

    def post(address: str, who: dict[str, str], *, status: int = 200, **body: object):
        answer = client.post(address, body, content_type="application/json", headers=who)
        assert answer.status_code == status, answer.content
        return answer.json()

    return post


@pytest.fixture
def mine(client, db):
    """A paper without code or page, as a client reads it."""
    publish(listed(1, "2026-11-20", authors=[{"name": "Ada North"}, {"name": "Bo Li"}], githubRepo=None))
    return client.get("/api/papers/2611.00001").json()


def user_id(client, who: dict[str, str]) -> str:
    return client.get("/api/whoami-v2", headers=who).json()["id"]


def verified(handle: str = "ada"):
    """Somebody who is verified as the first author, by a curator."""
    ada, cleo = person(handle), person("cleo", role="curator")
    paper = Paper.objects.get(public_id="2611.00001")
    claim = claiming.ask_author(Viewer(ada), paper.pk, "arxiv:2611.00001", "ada-north", now=paper.added_at)
    claiming.verify(Viewer(cleo), claim.pk, now=paper.added_at)
    return ada


def test_an_author_is_claimed_by_the_ids_that_the_paper_and_the_account_tell(mine, client, send):
    ada = bearer(person("ada"))
    asked = {"paperId": "2611.00001", "claimAuthorId": mine["authors"][0]["_id"]}
    for _ in range(2):
        assert send(CLAIM, ada, targetUserId=user_id(client, ada), **asked) == asked | {
            "state": "asked",
            "targetUserId": user_id(client, ada),
        }
    claim = Claim.objects.get()
    assert (claim.person.handle, claim.slug, claim.named) == ("ada", "ada-north", "arxiv:2611.00001")


def test_ids_that_the_source_gave_name_an_author_too(client, send):
    publish(complete())
    ids = [one["_id"] for one in client.get("/api/papers/2611.04242").json()["authors"]]
    assert ids[0] == "6920aa00aa00aa00aa00aa01"
    tom = bearer(person("tom"))
    said = send(CLAIM, tom, paperId="2611.04242", claimAuthorId=ids[1], targetUserId=user_id(client, tom))
    assert said["state"] == "asked"
    assert Claim.objects.get().slug == "tomas-birk"


def test_what_cannot_be_claimed_is_said_in_a_sentence(mine, client, send):
    ada, bo = bearer(person("ada")), bearer(person("bo"))
    asked = {
        "paperId": "2611.00001",
        "claimAuthorId": mine["authors"][0]["_id"],
        "targetUserId": user_id(client, ada),
    }
    assert "for yourself alone" in send(CLAIM, bo, status=403, **asked)["error"]
    send(CLAIM, {}, status=401, **asked)
    send(CLAIM, {"Authorization": "Bearer hf_x"}, status=401, **asked)
    send(CLAIM, bearer(person("cy"), ["read", "vote"]), status=403, **asked)
    send(CLAIM, ada, status=404, **asked | {"paperId": "2611.99999"})
    assert "no author" in send(CLAIM, ada, status=404, **asked | {"claimAuthorId": "0" * 24})["error"]
    for wrong in ("first", 5, None, "A" * 24, "0" * 25):
        said = send(CLAIM, ada, status=400, **asked | {"claimAuthorId": wrong})
        assert said["error"].startswith("claimAuthorId must be the _id of an author")
    agent = bearer(person("dee"), is_agent=True)
    said = send(CLAIM, agent, status=403, **asked | {"targetUserId": user_id(client, agent)})
    assert said["error"].startswith("People do that themselves")
    assert not Claim.objects.exists()


def test_whoever_is_verified_stands_beside_the_author_in_lists_and_alone(mine, client):
    verified()
    [item] = client.get("/api/daily_papers", {"date": "2026-11-20"}).json()
    for told in (
        item["paper"]["authors"],
        client.get("/api/papers/2611.00001?field=comments").json()["authors"],
    ):
        assert (told[0]["status"], told[0]["user"]["user"]) == ("claimed_verified", "ada")
        assert told[0]["statusLastChangedAt"].endswith("Z")
        assert not {"status", "user"} & told[1].keys()


def test_papers_and_organizations_of_a_person_are_told(mine, client):
    store(replace(paper(5), organizations=(OrganizationName("southlab", "South Lab"),)))
    ada, cleo = verified(), Viewer(Claim.objects.get().decided_by)
    claim = claiming.ask_organization(Viewer(ada), "southlab", now=timezone.now())
    claiming.verify(cleo, claim.pk, now=timezone.now())
    said = client.get("/api/users/ada/overview").json()
    assert (said["numPapers"], [one["fullname"] for one in said["orgs"]]) == (1, ["South Lab"])
    whoami = client.get("/api/whoami-v2", headers=bearer(ada)).json()
    assert [one["name"] for one in whoami["orgs"]] == ["southlab"]


def test_a_verified_author_gives_the_paper_links_and_takes_them_back(mine, client, send):
    ada, at = bearer(verified()), f"/api/papers/{mine['_id']}/links"
    assert len(mine["_id"]) == 24
    for _ in range(2):
        said = send(at, ada, githubRepo=REPO, projectPage="https://northlab.example.org/again")
        assert (said["githubRepo"], said["projectPage"]) == (REPO, "https://northlab.example.org/again")
    read = client.get("/api/papers/2611.00001?field=comments").json()
    assert (read["githubRepo"], read["projectPage"]) == (REPO, "https://northlab.example.org/again")
    assert Deed.objects.filter(verb="link").count() == 2
    changed = send(at, ada, githubRepo=f"{REPO}-2")
    assert [one["url"] for one in changed["links"] if one["kind"] == "code"] == [f"{REPO}-2"]
    assert changed["projectPage"] == "https://northlab.example.org/again"
    assert send(at, ada, githubRepo=None)["githubRepo"] is None
    assert send(at.replace(mine["_id"], "2611.00001"), ada)["projectPage"]


def test_a_curator_names_an_organization_by_any_id_of_it(mine, client, send):
    publish(complete(), listed(1, "2026-11-20", githubRepo=None))
    store(replace(paper(5), organizations=(OrganizationName("southlab", "South Lab"),)))
    cleo = bearer(person("cleo", role="curator"), ["curate"])
    southlab = client.get("/api/papers/2611.00005").json()["organization"]["_id"]
    for said, name in ((NORTH_LAB["_id"], "northlab"), (southlab, "southlab"), ("East Lab", "east-lab")):
        answer = send(f"/api/papers/{mine['_id']}/links", cleo, organizationId=said)
        assert answer["organizationId"]
        listed_ = client.get("/api/v1/papers/2611.00001").json()["organizations"]
        assert name in [one["slug"] for one in listed_]
    assert (
        "no organization"
        in send(f"/api/papers/{mine['_id']}/links", cleo, status=404, organizationId="0" * 24)[
            "error"
        ].lower()
    )


def test_nobody_else_gives_a_paper_links(mine, client, send):
    verified()
    at = f"/api/papers/{mine['_id']}/links"
    ada = Viewer(person("eve")).person
    send(at, {}, status=401, githubRepo=REPO)
    said = send(at, bearer(ada), status=403, githubRepo=REPO)
    assert said["error"] == "That takes a curator, or somebody who is verified as an author of this paper."
    author = Claim.objects.get().person
    assert send(at, bearer(author, ["read", "comment"]), status=403, githubRepo=REPO)["error"].endswith(
        "'submit'."
    )
    send(at, bearer(author, is_agent=True), status=403, githubRepo=REPO)
    assert send(at, bearer(author), status=400, githubRepo="javascript:alert(1)")["error"].startswith(
        "Give a whole"
    )
    send(at, bearer(author), status=400, githubRepo=5)
    send("/api/papers/" + "0" * 24 + "/links", bearer(author), status=404, githubRepo=REPO)
    assert not Deed.objects.exclude(verb="verify").exists()
    assert client.get(at, headers=bearer(author)).status_code == 405
