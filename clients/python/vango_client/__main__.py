"""`python -m vango_client URL`: show a page as text, and let one click happen on it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from urllib.error import URLError

from vango_client.browse import Browser
from vango_client.fields import KIND_OF, listener
from vango_client.show import as_text


async def visit(url: str, click: int | None, only: str) -> int:
    """Show the page, click, show it again; returns the exit status."""
    browser = Browser(url, only=only)
    running = asyncio.create_task(browser.run())
    try:
        async with asyncio.timeout(15):
            await browser.until(lambda connection: connection.ready)
            print(as_text(browser.connection.document))
            if click is None:
                return 0
            node = listener(browser.connection.document.nodes.get(click), KIND_OF["click"])
            if node is None:
                print(f"nothing at #{click} listens to a click", file=sys.stderr)
                return 1
            browser.event(node.hid, KIND_OF["click"])
            await browser.until(lambda connection: connection.outbox.settled >= 1)
            print("---")
            print(as_text(browser.connection.document))
        return 0
    except TimeoutError:
        print(f"no answer from {url}: {browser.connection.state}", file=sys.stderr)
        return 1
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m vango_client", description=__doc__)
    parser.add_argument("url", help="the address of a page, http://127.0.0.1:8000/")
    parser.add_argument("--click", type=int, metavar="HID", help="the number behind a # in what is shown")
    parser.add_argument("--via", choices=("websocket", "http"), default="", help="use this transport only")
    given = parser.parse_args()
    try:
        sys.exit(asyncio.run(visit(given.url, given.click, given.via)))
    except (URLError, ValueError) as error:
        sys.exit(f"{given.url}: {error}")


if __name__ == "__main__":
    main()
