class DecodeError(ValueError):
    """Bytes that break the protocol. Nothing of them was applied.

    Attributes:
        offset: Where the first wrong byte stands, from the start of what was given.
        reason: What is wrong there.
    """

    def __init__(self, offset, reason):
        super().__init__(offset, reason)
        self.offset = offset
        self.reason = reason

    def __str__(self):
        return f"byte {self.offset}: {self.reason}"
