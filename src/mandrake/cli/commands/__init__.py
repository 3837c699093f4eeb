"""One noun or verb a file. Each says what it does in its help; the work is one request or two."""
