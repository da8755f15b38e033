"""The application around the sessions: pages, assets, security, as ASGI."""
