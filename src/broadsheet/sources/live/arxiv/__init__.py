"""Everything of arXiv: its lists, its harvest, its API, its snapshot, and the calendar they go by."""
