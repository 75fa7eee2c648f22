"""Broadsheet: a self-hosted Daily Papers."""
