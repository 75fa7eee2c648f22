"""Votes, comments, submissions, curation. Nothing lives here yet: the site is read-only so far."""
