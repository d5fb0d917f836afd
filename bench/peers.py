"""What danvan is measured beside, each as a small server of its own.

`python -m bench.peers NAME NETWORK HOST PORT`

`ptb_echo`: python-telegram-bot as it comes, behind aiohttp, one update after the other; it stores nothing.
`raw_aiohttp`: the least that any bot on aiohttp does, one POST out for one POST in. For an Official
Account it looks at the signature too.
"""

import asyncio
import json
import sys

import aiohttp
from aiohttp import web

from bench.telegram import TOKEN, Telegram
from bench.zalo_oa import SEND, ZaloOa, signature


async def ptb_echo(host: str) -> web.Application:
    """An echo bot of python-telegram-bot."""
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(update.message.text or "")

    bot = Application.builder().token(TOKEN).base_url(f"{host}/bot").updater(None).build()
    bot.add_handler(MessageHandler(filters.TEXT, echo))
    await bot.bot._request[1].initialize()  # noqa: SLF001 - getMe of the stub is no user
    bot._initialized = True  # noqa: SLF001
    turn = asyncio.Lock()

    async def hook(request: web.Request) -> web.Response:
        update = Update.de_json(await request.json(), bot.bot)
        async with turn:
            await bot.process_update(update)
        return web.Response()

    return _application(Telegram.hook, hook)


async def raw_aiohttp(host: str) -> web.Application:
    """Bare aiohttp in and out."""
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64))

    async def hook(request: web.Request) -> web.Response:
        message = json.loads(await request.read())["message"]
        body = {"chat_id": message["chat"]["id"], "text": message["text"]}
        async with session.post(f"{host}/bot{TOKEN}/sendMessage", json=body) as response:
            await response.read()
        return web.Response()

    return _application(Telegram.hook, hook)


async def raw_aiohttp_oa(host: str) -> web.Application:
    """The same for an Official Account."""
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64))

    async def hook(request: web.Request) -> web.Response:
        body = await request.read()
        event = json.loads(body)
        if request.headers["X-ZEvent-Signature"] != f"mac={signature(body, event['timestamp'])}":
            return web.Response(status=401)
        answer = {
            "recipient": {"user_id": event["sender"]["id"]},
            "message": {"text": event["message"]["text"]},
        }
        async with session.post(f"{host}{SEND}", json=answer, headers={"access_token": "bench"}) as response:
            await response.read()
        return web.Response()

    return _application(ZaloOa.hook, hook)


def _application(path: str, hook: object) -> web.Application:
    app = web.Application()
    app.router.add_post(path, hook)  # type: ignore[arg-type]
    return app


PEERS = {
    Telegram.name: {"ptb_echo": ptb_echo, "raw_aiohttp": raw_aiohttp},
    ZaloOa.name: {"raw_aiohttp": raw_aiohttp_oa},
}
"""By the network they are on: python-telegram-bot knows no other."""


async def main(name: str, network: str, host: str, port: int) -> None:
    """Serve until killed."""
    build = PEERS[network][name]
    runner = web.AppRunner(await build(host), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
