"""The queue before HELLO."""

import pytest

from vango.application.handshakes import HandshakeQueue
from vango.errors import Refused


def test_the_queue_before_hello_is_bounded_in_all_and_for_each_address() -> None:
    queue = HandshakeQueue(total=3, per_address=2)
    first = queue.take("10.0.0.1")
    queue.take("10.0.0.1")
    with pytest.raises(Refused) as full:
        queue.take("10.0.0.1")
    assert (full.value.kind, full.value.retry_after_ms) == ("ServerBusy", 1000)
    queue.take("10.0.0.2")
    with pytest.raises(Refused):
        queue.take("10.0.0.3")
    first.release()
    first.release()
    assert len(queue) == 2
    queue.take("10.0.0.3")
    assert len(queue) == 3
