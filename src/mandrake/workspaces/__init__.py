"""Workspaces and their documents: life cycle, history, source, and verbs over each document.

Knows neither tool servers nor providers at work: what it resolves for them are plain values.
"""
