"""Product-free helpers: each module would fit any other program."""
