"""Withdrawals in the words that authors and arXiv use for them."""

from __future__ import annotations

import pytest

from broadsheet.sources.files.withdrawals import is_withdrawn

WITHDRAWN = (
    "This paper has been withdrawn by the author due to an error in Lemma 2",
    "12 pages. The article has been withdrawn.",
    "Withdrawn",
    "paper withdrawn",
    "withdrawn by arXiv administrators",
    "This paper has now been withdrawn",
    "This paper has been withdrawn by the author(s)",
    "The authors have withdrawn this paper",
    "authors have withdrawn this paper",
    "The author has withdrawn this submission because of an error",
    "This version withdrawn by arXiv administrators",
    "This version withdrawn by arXiv administrators because the author did not have the right to agree to our license at the time of submission",
    "withdrawn by the author(s)",
    "Withdrawn by the authors",
    "We withdraw this paper",
    "We have withdrawn this manuscript, since Lemma 3 is false",
    "I withdraw this paper",
    "The authors wish to withdraw this paper",
    "The author has decided to withdraw this paper",
    "We have now chosen to withdraw our submission",
    "arXiv admin note: withdrawn as the submitter had no right to it",
    "withdrawn since Lemma 3 is false",
    "12 pages, 3 figures; withdrawn by the authors",
    "12 pages. Withdrawn.",
    "12 pages (withdrawn)",
    "[withdrawn]",
    "*** WITHDRAWN ***",
    "This article is temporarily withdrawn",
    "This article has been temporarily withdrawn",
    "This preprint is hereby withdrawn",
    "This submission was withdrawn from arXiv",
    "This paper has been withdrawn from the arXiv by the authors",
    "The paper is being withdrawn due to a gap",
    "This work was subsequently withdrawn by the authors because of a flaw",
    "This paper is withdrawn.",
    "The author (A. Vale) has withdrawn this paper",
    "This submission has been withdrawn by arXiv administrators due to disputed authorship",
    "Manuscript withdrawn due to copyright",
    "Paper withdrawn because of an error",
    "This paper has been withdrawn and should not be cited",
    "The authors are withdrawing this paper",
    "The authors withdrew this paper",
    "arXiv admin note: This version has been withdrawn by arXiv administrators",
    "this paper has been voluntarily withdrawn by the author",
)
STILL_THERE = (
    "This paper was withdrawn from a conference and extended",
    "replaces hep-th/9901001, which was withdrawn",
    "Withdrawn Lemmas and Where They Lead, 3 pages",
    "This paper was withdrawn and resubmitted as v3",
    "This paper was withdrawn and resubmitted",
    "This paper was withdrawn and has been resubmitted",
    "The paper was withdrawn by the authors and resubmitted with corrections",
    "This paper was withdrawn and replaced by a corrected version",
    "This paper has been withdrawn and re-submitted",
    "This paper was withdrawn but then replaced",
    "The paper has been withdrawn from the conference",
    "We withdrew this paper from the workshop",
    "The authors have withdrawn the paper from the conference",
    "Withdrawn from the conference",
    "An earlier version of this paper was withdrawn",
    "The claim in this paper is withdrawn",
    "This paper has not been withdrawn",
    "12 pages",
    "supersedes the withdrawn paper 2401.00001",
    "Merged with 2401.00001, withdrawn by its authors",
    "We withdraw the claim of Section 3",
    "The first version was withdrawn",
    "Withdrawn and resubmitted",
    "How money is withdrawn from banks",
)


@pytest.mark.parametrize("comment", WITHDRAWN)
def test_a_paper_is_withdrawn_in_the_usual_words(comment):
    assert is_withdrawn("Text.", comment)
    assert is_withdrawn("Text.", comment.upper())


@pytest.mark.parametrize("comment", STILL_THERE)
def test_a_paper_that_came_back_or_left_a_conference_is_not(comment):
    assert not is_withdrawn("Text.", comment)


def test_an_abstract_says_so_in_its_first_words_only():
    assert is_withdrawn("The authors have withdrawn this paper.", "")
    assert not is_withdrawn(
        "Cash is withdrawn from machines. This paper has been withdrawn in the story.", ""
    )
