"""The Model Context Protocol: the papers for agents, over HTTP at /mcp and by `broadsheet mcp`."""
