"""Papers as reference managers read them: BibTeX, RIS, CSL JSON, and what pages say about their papers."""
