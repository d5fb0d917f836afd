"""webhook: where a network delivers. Set only by command, verified at every start."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.words import show, word

webhook = typer.Typer(no_args_is_help=True, help=word("help.webhook"))

if TYPE_CHECKING:
    from channels.telegram_account import TelegramAccount

T = TypeVar("T")


class Network(StrEnum):
    """Networks that deliver by webhook."""

    TELEGRAM = "telegram"


_Network = Annotated[Network, typer.Argument(help=word("arg.network"))]


@webhook.command("set", help=word("help.webhook_set"))
def set_webhook(network: _Network) -> None:  # noqa: ARG001 - there is one so far
    from bot.settings import load_settings
    from bot.telegram import webhook_url
    from core.errors import RuleError
    from core.say import say

    settings = load_settings()
    secret = settings.telegram.secret
    if secret is None:
        raise RuleError("webhook_needs_secret")
    if not settings.public_url.startswith("https://"):
        raise RuleError("webhook_needs_https", url=settings.public_url)
    url = webhook_url(settings)
    _ask(lambda account: account.set_webhook(url, secret=secret.get_secret_value()))
    show(say("webhook_set", url=url))


@webhook.command("show", help=word("help.webhook_show"))
def show_webhook(network: _Network) -> None:  # noqa: ARG001 - there is one so far
    from core.say import say

    state = _ask(lambda account: account.webhook())
    if not state.url:
        show(say("webhook_none", pending=state.pending))
        return
    show(say("webhook_state", url=state.url, pending=state.pending, error=state.last_error or "-"))


@webhook.command("delete", help=word("help.webhook_delete"))
def delete_webhook(network: _Network) -> None:  # noqa: ARG001 - there is one so far
    from core.say import say

    _ask(lambda account: account.delete_webhook())
    show(say("webhook_deleted"))


def _ask(what: "Callable[[TelegramAccount], Awaitable[T]]") -> T:
    """What the bot's account answers. Raises RuleError("telegram_off") or ("telegram_refused")."""
    from bot.settings import load_settings
    from bot.telegram import telegram_account
    from core.channel import SendError
    from core.errors import RuleError

    account = telegram_account(load_settings())
    if account is None:
        raise RuleError("telegram_off")

    async def ask() -> T:
        async with account:
            return await what(account)

    try:
        return asyncio.run(ask())
    except SendError as error:
        raise RuleError("telegram_refused", reason=error.code) from error
