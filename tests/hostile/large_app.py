"""A page of fifty megabytes, of which no two are alike."""

import random

from vango import App, html as h
from vango.limits import Limits

TEXTS = 100
TEXT_BYTES = 512 * 1024

app = App(limits=Limits(window_bytes=1 << 30))
_noise = random.Random(1)
_texts = [_noise.randbytes(TEXT_BYTES // 2).hex() for _ in range(TEXTS)]


@app.page("/")
def large():
    """The texts."""
    return h.main[(h.p[text] for text in _texts)]


@app.page("/small")
def small():
    """Something to ask for meanwhile."""
    return h.p["small"]
