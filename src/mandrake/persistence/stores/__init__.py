"""Stores: rows in, domain objects out, within one unit of work and one grant.

A store is made for a connection and a grant, and only ever sees rows of the grant's scope. It
decides nothing: which change is right is the caller's business, that it is legal from the stored
state is the store's.
"""
