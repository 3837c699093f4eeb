"""Decisions and secrets: who may do what, which definitions are trusted, what stays sealed."""
