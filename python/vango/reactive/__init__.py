"""Signals, memos and effects: values that know who reads them."""
