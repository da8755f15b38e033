"""Every bound of a server, with its unit, its default and its reason (PROTOCOL section 6)."""

from dataclasses import dataclass, fields
from typing import Literal

__all__ = ["Limits"]

_MAY_BE_ZERO = frozenset({"ring_bursts", "ring_bytes", "ssr_wait_s"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of one application. Passing one gives a clear error and loses nothing else.

    Attributes:
        head_s: For the head of a request to come whole, under `vango run`; a slow one is not waited for.
        heads: Connections of which no whole request has come, in this process; one more ends the one that
            has been waited for the longest. More than can knock at once, so that nobody prompt is ended.
        heads_per_address: The same of one peer address, but those of loopback and of trusted proxies.
        handshakes: Sockets that have not said HELLO, in this process; who they are is not known yet.
        handshakes_per_address: Sockets of one peer address that have not said HELLO.
        hello_bytes: The first message; a stranger may not make us read more.
        hello_s: Until the first message; a socket that says nothing is not kept.
        message_bytes: One message of a client; a form fits, an upload has its own way.
        body_s: For the body of an HTTP request to come whole; a slow one is not waited for.
        open_requests: HTTP requests of one connection that wait for their answer at a time.
        path_bytes: The path of a page with its query.
        header_bytes: All headers of a request, names and values; cookies are most of them.
        unsettled_events: Events whose outcome a session remembers, to answer one that is sent again.
        queued_events: Events that wait behind a running handler.
        events_per_s: Events of one session, in the long run; faster than any hand.
        event_burst: Events at once, as after a time offline.
        name_chars: The name of an event of a script, in either direction, or of a channel that is opened.
        detail_bytes: The JSON that goes with such a name.
        resyncs_per_s: REFETCH and snapshots of one session, in the long run; each costs a whole tree.
        resync_burst: REFETCH and snapshots at once.
        dispatched: Calls from other threads that wait for the loop; more end the session, none is lost.
        window_bytes: Unacknowledged and queued bytes above which rendering waits for the client.
        ring_bursts: Bursts that are kept until they are acknowledged, to be sent again after a connection was
            lost; 0 keeps none, and a client that missed one gets a snapshot.
        ring_bytes: Bytes of them.
        part_bytes: The payload of one frame; longer bursts are split, so that other messages get through.
        backlog_bytes: Queued answers above which a client that does not read is not read either.
        channels: Channels of one session that are open, or whose handlers still run; a page needs a few.
        channel_bytes: Bytes of one channel, in one direction, that the other side has not taken; they keep a
            line of 100 ms busy at 640 kB/s, and one session can make a process hold `channels` times as many.
        channel_messages: Messages of one channel, in one direction, that the other side has not taken.
        channel_message_bytes: One message of a channel to the browser, so that all take turns.
        channel_messages_per_s: Messages from channels that the handlers of one session take, in the long run.
        channel_message_burst: Messages at once.
        heartbeat_ms: Silence after which the peer is asked for a sign of life.
        silence_s: Silence after that question which is death.
        goodbye_s: For the last words and the close of a connection that we end.
        drain_s: Over which goodbyes are spread before a process stops; who is still there `goodbye_s` after
            that is cut off. The supervisor's own patience has to be longer.
        return_ms: After a goodbye a client comes back within these bounds, so that the next process is not
            met by all at once.
        ladder_ms: What a client waits before its first, second, ... and every later reconnect.
        adopt_s: For the socket of a rendered page; a crawler never opens one.
        ssr_wait_s: For data that a page wants to have before it is served; it is served without what takes
            longer, which comes when it is there. 0 waits for none.
        prefetch_s: For a page that was rendered before somebody goes there, to be gone to.
        prefetch_render_s: For its guards and its first render; data comes later.
        prefetch_pages: Such pages of one session; one more ends the one that was asked for least recently.
        prefetches_per_s: Such pages of one session that are begun, and as many at once.
        prefetches: Those of one session that are being rendered or wait for data.
        prefetches_in_all: The same of all sessions in this process.
        waiting: Rendered pages that wait for a socket, in this process.
        waiting_per_address: Rendered pages that wait for a socket of one peer address.
        resume_s: For a dropped client to come back to its session.
        sessions_per_address: Sessions of one peer address; one more ends the oldest of them that is not
            connected, and is refused where all are. Peers on loopback are not counted: they are this machine,
            or a proxy on it that was not named in `trusted_proxies`.
        detached: Sessions without a connection that are kept for that, in this process.
        detached_bytes: What those take, by `Session.weight` when they were left; the oldest end above it.
        slow_stretch_s: What may hold the loop before the monitor names it.
        resource_starts_per_s: Fetches of the resources of one session within a second.
        action_starts_per_s: Runs of the actions of one session within a second.
        latest_starts_per_s: The same of actions with the policy `"latest"`, which are counted apart.
        effects_per_tick: Runs of effects of one session at the end of one batch.
        storms: What becomes of what these four budgets do not cover: `"throttle"` lets it wait its turn,
            `"breaker"` lets it fail. Either way a `StormError` is reported, once until it has been quiet for
            a second.
    """

    head_s: float = 10.0
    heads: int = 4_096
    heads_per_address: int = 256
    handshakes: int = 1_024
    handshakes_per_address: int = 64
    hello_bytes: int = 16 * 1024
    hello_s: float = 5.0
    message_bytes: int = 64 * 1024
    body_s: float = 10.0
    open_requests: int = 2
    path_bytes: int = 8 * 1024
    header_bytes: int = 32 * 1024
    unsettled_events: int = 256
    queued_events: int = 256
    events_per_s: float = 100.0
    event_burst: int = 200
    name_chars: int = 128
    detail_bytes: int = 8 * 1024
    resyncs_per_s: float = 2.0
    resync_burst: int = 5
    dispatched: int = 2_048
    window_bytes: int = 32 * 1024
    ring_bursts: int = 100
    ring_bytes: int = 256 * 1024
    part_bytes: int = 256 * 1024
    backlog_bytes: int = 256 * 1024
    channels: int = 16
    channel_bytes: int = 64 * 1024
    channel_messages: int = 256
    channel_message_bytes: int = 64 * 1024
    channel_messages_per_s: float = 1_000.0
    channel_message_burst: int = 2_000
    heartbeat_ms: int = 25_000
    silence_s: float = 5.0
    goodbye_s: float = 5.0
    drain_s: float = 5.0
    return_ms: tuple[int, int] = (250, 2_000)
    ladder_ms: tuple[int, ...] = (1_000, 2_000, 5_000, 10_000, 30_000)
    adopt_s: float = 15.0
    ssr_wait_s: float = 0.3
    prefetch_s: float = 30.0
    prefetch_render_s: float = 0.1
    prefetch_pages: int = 10
    prefetches_per_s: float = 5.0
    prefetches: int = 2
    prefetches_in_all: int = 50
    waiting: int = 1_000
    waiting_per_address: int = 20
    resume_s: float = 300.0
    sessions_per_address: int = 100
    detached: int = 10_000
    detached_bytes: int = 1024 * 1024 * 1024
    slow_stretch_s: float = 0.1
    resource_starts_per_s: int = 50
    action_starts_per_s: int = 100
    latest_starts_per_s: int = 50
    effects_per_tick: int = 1_000
    storms: Literal["throttle", "breaker"] = "throttle"

    def __post_init__(self) -> None:
        if self.storms not in ("throttle", "breaker"):
            raise ValueError(f"Limits.storms={self.storms!r}: write 'throttle' or 'breaker'")
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str):
                continue
            values = value if isinstance(value, tuple) else (value,)
            bad = not values or min(values) < 0 or (min(values) == 0 and field.name not in _MAY_BE_ZERO)
            if bad:
                bound = "at least" if field.name in _MAY_BE_ZERO else "above"
                raise ValueError(f"Limits.{field.name} must be {bound} zero, not {value!r}")
