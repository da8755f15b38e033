"""Sessions: the server state of one tab, its events, its connection, and who may come back."""
