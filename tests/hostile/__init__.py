"""What comes from outside and is not as it should be: each answered by a kind, a close code and a status."""
