"""The accounts of the settings, for commands that ask a network something."""

from dataclasses import dataclass

from pydantic import SecretStr

from bot.settings import PREFIX, Settings, TelegramSettings, ZaloBotSettings
from channels.telegram_account import TelegramAccount
from channels.webhook import WebhookAccount
from channels.zalo_bot_account import ZaloBotAccount
from core.channel import Channel

_NAMES = {Channel.TELEGRAM: "Telegram", Channel.ZALO_BOT: "Zalo Bot"}


@dataclass(frozen=True, slots=True)
class Hook:
    """How a network is made to deliver to us. `account` is None while the network is off."""

    name: str
    command: str
    prefix: str
    url: str
    secret: SecretStr | None
    account: WebhookAccount | None


def telegram_account(settings: Settings) -> TelegramAccount | None:
    """The client of the bot, not yet opened; None while Telegram is off."""
    chosen = settings.telegram
    if chosen.token is None:
        return None
    return TelegramAccount(chosen.token.get_secret_value(), host=chosen.base_url, proxy=chosen.proxy or None)


def zalo_bot_account(settings: Settings) -> ZaloBotAccount | None:
    """The same for Zalo Bot."""
    chosen = settings.zalo_bot
    if chosen.token is None:
        return None
    return ZaloBotAccount(chosen.token.get_secret_value(), host=chosen.base_url)


def hook_of(settings: Settings, channel: Channel) -> Hook:
    """How this network delivers. Raises KeyError for one that never does."""
    chosen: TelegramSettings | ZaloBotSettings = settings.telegram
    account: WebhookAccount | None = telegram_account(settings)
    if channel is Channel.ZALO_BOT:
        chosen, account = settings.zalo_bot, zalo_bot_account(settings)
    command = channel.replace("_", "-")
    return Hook(
        name=_NAMES[channel],
        command=command,
        prefix=f"{PREFIX}{channel.upper()}__",
        url=f"{settings.public_url}/hook/{command}",
        secret=chosen.secret,
        account=account,
    )
