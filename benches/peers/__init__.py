"""What others do with the same change, beside vango: `make bench-peers`.

Each side of `rows` is a process of its own that `side.serve` drives; `browser` and `counter` measure in
Chromium.
What the peers need is installed into environments of their own, here, never into vango's.
"""
