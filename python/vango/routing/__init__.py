"""Routes: which page a path means, inside which layouts; and the site, which shows it.

Pure: no request, no socket, no ASGI. What asks here is the application's gate.
"""
