"""Hosts tool servers: starts them in boxes, speaks MCP with them, lists and calls their tools.

Knows nothing of documents, workspaces, providers or people: it is given resolved `ServerSpec`s and
hands back the values of `mandrake.domain.tools`. The `mcp` SDK's types never leave this package.
"""
