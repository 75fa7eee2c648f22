"""The JSON API and MCP, thin skins over the rooms. Nothing lives here yet."""
