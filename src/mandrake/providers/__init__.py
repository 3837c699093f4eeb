"""Models we call: one port, adapters by wire protocol, figures about models and their cost."""
