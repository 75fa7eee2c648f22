"""The sources of papers: each is declared here once, and all that others say of sources follows from it.

The order of SOURCES is whose word counts first. arXiv keeps the TeX, and its list of a day knows less than
its records; whoever publishes a paper comes before those who tell of it; files of references were typed by
somebody; a saved page has neither names nor ids; a demonstration summary is ours and gives way to any
abstract; what curators say of a paper is said of one that others told of.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """An address where a source is asked: the setting that holds it, its default, its line in the manual."""

    setting: str
    default: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source: the name that records carry, and what readers call it.

    `family` is the name by which an operator switches its live source on; sources of one family speak of the
    same papers. `archive` is what a citation names as the archive of a preprint. `is_summary` says that its
    abstracts are summaries of ours, `joins_papers` that its identifiers may show two papers to be one: those
    of all others, which tell of papers that somebody else published, only find a paper.
    """

    name: str
    title: str
    family: str = ""
    addresses: tuple[Address, ...] = ()
    archive: str = ""
    is_summary: bool = False
    joins_papers: bool = False


SOURCES = (
    Source(
        name="arxiv",
        title="arXiv",
        family="arxiv",
        addresses=(
            Address("arxiv_oai_url", "https://oaipmh.arxiv.org/oai", "arXiv's OAI-PMH repository."),
            Address("arxiv_rss_url", "https://rss.arxiv.org/rss", "arXiv's lists of the day."),
            Address(
                "arxiv_api_url",
                "https://export.arxiv.org/api/query",
                "arXiv's API, asked for single papers.",
            ),
        ),
        archive="arXiv",
        joins_papers=True,
    ),
    Source(name="arxiv_listing", title="arXiv", family="arxiv", joins_papers=True),
    Source(name="acl", title="the ACL Anthology", joins_papers=True),
    Source(name="openreview", title="OpenReview", joins_papers=True),
    Source(
        name="biorxiv",
        title="bioRxiv",
        family="biorxiv",
        addresses=(Address("biorxiv_url", "https://api.biorxiv.org", "bioRxiv's API."),),
        archive="bioRxiv",
        joins_papers=True,
    ),
    Source(
        name="huggingface",
        title="Hugging Face",
        family="huggingface",
        addresses=(Address("hf_url", "https://huggingface.co", "The site whose Daily Papers are fetched."),),
        joins_papers=True,
    ),
    Source(name="crossref", title="Crossref"),
    Source(name="datacite", title="DataCite"),
    Source(name="pubmed", title="PubMed"),
    Source(name="openalex", title="OpenAlex"),
    Source(name="wos", title="Web of Science"),
    Source(name="csl", title="a CSL JSON file"),
    Source(name="ris", title="a RIS file"),
    Source(name="bibtex", title="a BibTeX file"),
    Source(name="saved_page", title="Hugging Face"),
    # What only files of readers' libraries tell of, and nobody looked at.
    Source(name="library", title="a reader’s library"),
    # What a notice says of the paper that it retracts: hardly more than that.
    Source(name="retraction", title="a retraction notice"),
    # Its records carry the names of their own sources.
    Source(
        name="mirror",
        title="another Broadsheet",
        family="mirror",
        addresses=(
            Address("mirror_url", "", "The Broadsheet whose catalogue this one follows as a mirror."),
        ),
    ),
    Source(name="demo", title="the demonstration papers", is_summary=True),
    # What curators say: a paper for the list of a day, a link, an organization.
    Source(name="here", title="readers of Broadsheet"),
)
# The families of live sources that an operator may name.
FAMILIES = tuple(dict.fromkeys(source.family for source in SOURCES if source.family))
ADDRESSES = tuple(address for source in SOURCES for address in source.addresses)

_BY_NAME = {source.name: source for source in SOURCES}
_RANK = {source.name: place for place, source in enumerate(SOURCES)}
_UNKNOWN = _RANK["mirror"]


def declared(name: str) -> Source:
    """What is declared of the source with that name; an undeclared source is called by its own name."""
    return _BY_NAME.get(name) or Source(name=name, title=name)


def rank(name: str) -> int:
    """The place of the source among all, from 0; undeclared sources come before the demonstration."""
    return _RANK.get(name, _UNKNOWN)
