"""The JSON API (and MCP, one day): thin skins over the rooms."""
