"""How often something may happen: a token bucket, sans I/O."""

from __future__ import annotations

__all__ = ["Bucket"]


class Bucket:
    """Allows `burst` at once and `per_s` in the long run.

    `told` is for its owner: whether the peer knows of the present refusal.
    """

    __slots__ = ("_at", "_burst", "_per_s", "_tokens", "told")

    def __init__(self, per_s: float, burst: int, now: float) -> None:
        self._per_s = per_s
        self._burst = burst
        self._tokens = float(burst)
        self._at = now
        self.told = False

    def take(self, now: float) -> bool:
        """Take one; False where there is none."""
        tokens = self._tokens + (now - self._at) * self._per_s
        self._at = now
        if tokens > self._burst:
            tokens = self._burst
        if tokens < 1:
            self._tokens = tokens
            return False
        self._tokens = tokens - 1
        self.told = False
        return True

    @property
    def retry_after_ms(self) -> int:
        """When the next one is there, as of the last `take`."""
        return max(0, round((1 - self._tokens) / self._per_s * 1000))
