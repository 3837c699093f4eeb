"""The command line: a server to start, and a client of it for everything else.

Every command but `up` talks to the process that holds the home, over its socket; only `serving`
opens a home itself. Heavy modules are imported when a command runs, never for `--help`.
"""
