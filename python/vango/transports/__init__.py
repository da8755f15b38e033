"""The ways that bytes travel: one ABC, one file for each."""

from vango.transports.base import Transport

__all__ = ["Transport"]
