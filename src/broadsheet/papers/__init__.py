"""The catalogue: papers, authors, organizations, identifiers, versions, merging, clean text from TeX."""
