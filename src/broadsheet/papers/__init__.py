"""The catalogue: papers, authors, organizations, identifiers, versions, merging duplicates, clean text from TeX."""
