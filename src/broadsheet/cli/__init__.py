"""The `broadsheet` command: a parse, a call to a room, a print."""
