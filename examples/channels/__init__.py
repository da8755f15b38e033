"""Bytes beside the page: the programs of docs/guide/channels.md."""
