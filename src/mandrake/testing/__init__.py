"""Doubles and contract suites, for our tests and for authors of plug-ins.

May import every other package; none imports it.
"""
