"""zalo-oa: the consent by which an Official Account lets the service write in its name."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.words import catalogue, show, word

zalo_oa = typer.Typer(no_args_is_help=True, help=word("help.zalo_oa"))

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.settings import Settings
    from channels.zalo_oa_account import OaIdentity
    from channels.zalo_oa_tokens import TokenKeeper


@zalo_oa.callback()
def _only_by_name() -> None:
    """Keeps the name of its only command."""


@zalo_oa.command("connect", help=word("help.zalo_oa_connect"))
def connect(
    by_token: Annotated[bool, typer.Option("--refresh-token", help=word("arg.by_token"))] = False,
) -> None:
    """The consent of an administrator becomes the pair in force; asks for it, since it is secret."""
    from bot import logging
    from bot.settings import load_settings
    from core.errors import RuleError
    from core.say import say

    settings = load_settings()
    logging.set_up()
    if not settings.zalo_oa.is_on:
        raise RuleError("network_off", network="Zalo OA", token="DANVAN_ZALO_OA__APP_ID")  # noqa: S106
    if by_token:
        refresh = typer.prompt(catalogue().body(say("zalo_oa_ask_token")), hide_input=True).strip()
        found = _carry_out(settings, lambda keeper: keeper.adopt(refresh))
    else:
        verifier = _verifier(settings)
        show(say("zalo_oa_consent", url=_consent_url(settings, verifier), back=_back(settings)))
        code = _code(settings, typer.prompt(catalogue().body(say("zalo_oa_ask_code"))))
        found = _carry_out(settings, lambda keeper: keeper.exchange(code, verifier))
    show(say("zalo_oa_connected", name=found.name or "-", id=found.id))
    if not found.is_verified:
        show(say("doctor_zalo_oa_unverified"))


def _verifier(settings: "Settings") -> str:
    import secrets

    chosen = settings.zalo_oa.code_verifier
    return secrets.token_urlsafe(32) if chosen is None else chosen.get_secret_value()


def _back(settings: "Settings") -> str:
    """Where Zalo sends the administrator's browser afterwards; must stand on its page letter by letter."""
    return f"{settings.public_url}/hook/zalo-oa"


def _consent_url(settings: "Settings", verifier: str) -> str:
    from urllib.parse import urlencode

    from channels.zalo_oa_tokens import challenge

    wish = {
        "app_id": settings.zalo_oa.app_id,
        "redirect_uri": _back(settings),
        "code_challenge": challenge(verifier),
    }
    return f"{settings.zalo_oa.oauth_url}/v4/oa/permission?{urlencode(wish)}"


def _code(settings: "Settings", answer: str) -> str:
    """The code, given alone or in the address of the page that came up.

    Raises RuleError("zalo_oa_other_account") where that names another account.
    """
    from urllib.parse import parse_qs, urlsplit

    from core.errors import RuleError

    given = parse_qs(urlsplit(answer.strip()).query)
    account = given.get("oa_id", [settings.zalo_oa.oa_id])[0]
    if account != settings.zalo_oa.oa_id:
        raise RuleError("zalo_oa_other_account", id=account, wanted=settings.zalo_oa.oa_id)
    return given.get("code", [answer.strip()])[0]


def _carry_out(settings: "Settings", replace: "Callable[[TokenKeeper], Awaitable[None]]") -> "OaIdentity":
    """Get a new pair and put it in force: whose it is.

    Raises RuleError("zalo_oa_refused"), ("zalo_oa_other_account") before anything is stored, and
    ("zalo_oa_unasked") when the pair is stored and Zalo could not be asked whose it is.
    """
    import asyncio

    from bot.opening import open_database
    from bot.zalo_oa import DatabaseTokens, HeldTokens, zalo_oa_account
    from core.channel import SendError
    from core.errors import RuleError
    from handlers.runtime import Clock
    from storage.keys import Keys

    wanted, held = settings.zalo_oa.oa_id, HeldTokens()

    async def ask() -> "OaIdentity":
        async with zalo_oa_account(settings.zalo_oa, held, Clock().now) as account:
            try:
                await replace(account.tokens)
            except SendError as error:
                raise RuleError("zalo_oa_refused", reason=error.code) from error
            try:
                found = await account.identity()
            except SendError as error:
                await keep()
                raise RuleError("zalo_oa_unasked", reason=error.code) from error
        if found.id and found.id != wanted:
            raise RuleError("zalo_oa_other_account", id=found.id, wanted=wanted)
        await keep()
        return found

    async def keep() -> None:
        assert held.tokens is not None
        store = DatabaseTokens(database, Keys(settings.secret), wanted, Clock().now)
        await store.save(held.tokens, previous=None)

    with open_database(settings) as database:
        return asyncio.run(ask())
