"""Types and pure rules. No I/O: nothing here opens a file, a socket or a clock."""
