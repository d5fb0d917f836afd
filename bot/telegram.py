"""The Telegram account of the settings, for commands that ask it something."""

from bot.settings import Settings
from channels.telegram_account import TelegramAccount


def telegram_account(settings: Settings) -> TelegramAccount | None:
    """The client of the bot, not yet opened; None while Telegram is off."""
    chosen = settings.telegram
    if chosen.token is None:
        return None
    return TelegramAccount(chosen.token.get_secret_value(), host=chosen.base_url, proxy=chosen.proxy or None)


def webhook_url(settings: Settings) -> str:
    """Where Telegram has to deliver."""
    return f"{settings.public_url}/hook/telegram"
