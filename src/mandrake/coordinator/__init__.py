"""One round of conversation: where documents, tool servers and providers meet."""
