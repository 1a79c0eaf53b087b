"""The chains of the journal's history: sealing, verifying, retiring. docs/history.md tells the whole."""
