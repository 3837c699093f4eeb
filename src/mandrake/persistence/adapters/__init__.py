"""Concrete stores. Only the composition root and tests name what is in here."""
