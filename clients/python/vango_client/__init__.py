"""A client of the live protocol in plain Python, written from docs/PROTOCOL.md alone.

`Page.parse(html, path)` adopts a served page, `Connection(page)` keeps it live, sans I/O; `run` in
`vango_client.browse` connects one to a server. It shares no code with vango.
"""

from vango_client.connection import Connection
from vango_client.document import Document, Node
from vango_client.line import Action, Close, Connect, Send, Tell
from vango_client.page import Page

__all__ = ["Action", "Close", "Connect", "Connection", "Document", "Node", "Page", "Send", "Tell"]
