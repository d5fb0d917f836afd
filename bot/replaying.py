"""Reads a parked body once more, by the network it came from."""

import json
from typing import Any

from bot.settings import Settings
from channels import page, telegram_parse, webchat, zalo_bot_parse, zalo_oa_parse
from core.channel import Channel, Inbound
from core.errors import RuleError
from storage.tables import InboxRow


def events_of(row: InboxRow, settings: Settings) -> list[Inbound]:
    """The event of this row, or all of a body that nobody could read before; at least one.

    Raises RuleError("replay_unreadable").
    """
    try:
        found = _parsed(Channel(row.channel), json.loads(row.body), settings)
    except ValueError as error:
        raise RuleError("replay_unreadable", id=row.id) from error
    own = [each for each in found if each.external_id == row.external_id]
    if not found:
        raise RuleError("replay_unreadable", id=row.id)
    return own or found


def _parsed(channel: Channel, body: Any, settings: Settings) -> list[Inbound]:
    if page.is_ours(body):
        return [page.parse(body)]
    if channel is Channel.ZALO_OA:
        return zalo_oa_parse.parse(body, oa_id=settings.zalo_oa.oa_id)
    parsers = {
        Channel.TELEGRAM: telegram_parse.parse,
        Channel.ZALO_BOT: zalo_bot_parse.parse,
        Channel.WEBCHAT: webchat.parse,
    }
    event = parsers[channel](body)
    return [] if event is None else [event]
