"""The word index (tantivy): how papers and queries are split into words, scored, filtered and counted."""
