"""What survives a crash: databases, the journal, blobs and the stores over them."""
