"""The command `vango`: `run` for production, `dev` for the developer's own machine."""
