"""The isolation a server runs in: one port, one adapter for each kind of box."""
