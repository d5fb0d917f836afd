"""webhook: where a network delivers. Set only by command, verified at every start."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.words import show, word

webhook = typer.Typer(no_args_is_help=True, help=word("help.webhook"))

if TYPE_CHECKING:
    from bot.networks import Hook
    from channels.webhook import WebhookAccount

T = TypeVar("T")


class Network(StrEnum):
    """Networks that deliver by webhook."""

    TELEGRAM = "telegram"
    ZALO_BOT = "zalo-bot"
    ZALO_OA = "zalo-oa"


_Network = Annotated[Network, typer.Argument(help=word("arg.network"))]


@webhook.command("set", help=word("help.webhook_set"))
def set_webhook(network: _Network) -> None:
    if _is_set_by_hand(network):
        return
    from core.errors import RuleError
    from core.say import say

    hook = _hook(network)
    secret = hook.secret
    if secret is None:
        raise RuleError("webhook_needs_secret", name=f"{hook.prefix}SECRET")
    if not hook.url.startswith("https://"):
        raise RuleError("webhook_needs_https", network=hook.name, url=hook.url)
    _ask(hook, lambda account: account.set_webhook(hook.url, secret=secret.get_secret_value()))
    show(say("webhook_set", network=hook.name, url=hook.url, mode=f"{hook.prefix}MODE"))


@webhook.command("show", help=word("help.webhook_show"))
def show_webhook(network: _Network) -> None:
    if _is_set_by_hand(network):
        return
    from core.say import say

    state = _ask(_hook(network), lambda account: account.webhook())
    if not state.url:
        show(say("webhook_none", pending=state.pending))
        return
    show(say("webhook_state", url=state.url, pending=state.pending, error=state.last_error or "-"))


@webhook.command("delete", help=word("help.webhook_delete"))
def delete_webhook(network: _Network) -> None:
    if _is_set_by_hand(network):
        return
    from core.say import say

    hook = _hook(network)
    _ask(hook, lambda account: account.delete_webhook())
    show(say("webhook_deleted", mode=f"{hook.prefix}MODE"))


def _is_set_by_hand(network: Network) -> bool:
    """Whether no command reaches this network's webhook; says where it is set then."""
    from bot.settings import load_settings
    from core.say import say

    if network is not Network.ZALO_OA:
        return False
    show(say("webhook_by_hand", url=f"{load_settings().public_url}/hook/{network}"))
    return True


def _hook(network: Network) -> "Hook":
    from bot.networks import hook_of
    from bot.settings import load_settings
    from core.channel import Channel

    return hook_of(load_settings(), Channel(network.replace("-", "_")))


def _ask(hook: "Hook", what: "Callable[[WebhookAccount], Awaitable[T]]") -> T:
    """What the account answers. Raises RuleError("network_off") or ("network_refused")."""
    from core.channel import SendError
    from core.errors import RuleError

    account = hook.account
    if account is None:
        raise RuleError("network_off", network=hook.name, token=f"{hook.prefix}TOKEN")

    async def ask() -> T:
        async with account:
            return await what(account)

    try:
        return asyncio.run(ask())
    except SendError as error:
        raise RuleError("network_refused", network=hook.name, reason=error.code) from error
