"""The MCP servers that Mandrake ships; each runs as its own process inside a box."""
