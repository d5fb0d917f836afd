"""console: talk to the running service in the terminal."""

from collections.abc import AsyncIterator
from contextlib import suppress
from enum import StrEnum
from typing import Annotated

import typer

from bot.words import show, word


class Who(StrEnum):
    """Whose part the terminal plays; each keeps an identity of its own."""

    CITIZEN = "citizen"
    OFFICER = "officer"


def console(
    who: Annotated[Who, typer.Option("--as", help=word("arg.console_as"))] = Who.CITIZEN,
    url: Annotated[str, typer.Option(help=word("arg.console_url"))] = "",
) -> None:
    import asyncio

    from bot.console import Console
    from bot.settings import load_settings
    from core.say import say

    settings = load_settings()
    where = url or f"http://127.0.0.1:{settings.port}"
    greeting = "console_citizen" if who is Who.CITIZEN else "console_officer"
    show(say(greeting, url=where))
    kept = settings.data_dir / f"console-{who}.json"
    with suppress(KeyboardInterrupt):
        asyncio.run(Console(where, kept, typer.echo).talk(_typed()))


async def _typed() -> AsyncIterator[str]:
    """Lines of the terminal. Read by a thread that may be left behind: nothing can interrupt such a read."""
    import asyncio
    import sys
    from threading import Thread

    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str]()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, "")

    Thread(target=read, daemon=True).start()
    while line := await lines.get():
        yield line
