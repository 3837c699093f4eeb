"""The HTTP and WebSocket edge: routes, problems, live streams. Holds no product logic."""
