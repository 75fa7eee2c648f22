"""Pages, templates and static files: a thin skin over the rooms below."""
