"""The filesystem server: files and folders below given roots, and nothing else."""
