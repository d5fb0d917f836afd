"""The world outside a process that dies: people, their network, and the clock on the wall.

Everything is a line of one file opened for appending, so that it outlives a SIGKILL: what people did, what
the service acknowledged, what the network saw of it. The next life of the process reads it back.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.channel import (
    Address,
    ButtonPressed,
    Channel,
    Delivery,
    Event,
    Inbound,
    MediaKind,
    MediaReceived,
    MediaRef,
    SendKind,
    TextReceived,
)

ROOM = Address(Channel.TELEGRAM, "-100200300")

Json = dict[str, Any]


@dataclass
class Shown:
    """A message on a screen, as it looks now: its words, and what its buttons carry."""

    chat: str
    id: str
    text: str
    payloads: list[str]


@dataclass
class World:
    """`lines` is all that ever happened; `screen` what the chats show after it."""

    path: Path
    lines: list[Json] = field(default_factory=list)
    screen: list[Shown] = field(default_factory=list)

    def __post_init__(self) -> None:
        written = self.path.read_text(encoding="utf-8") if self.path.exists() else ""
        for line in written.splitlines():
            self._happened(json.loads(line))

    def write(self, happened: str, /, **what: Any) -> None:
        """Let it have happened: one write at the end of the file, which a SIGKILL cannot halve."""
        line = {"is": happened, **what}
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        os.close(handle)
        self._happened(line)

    def of(self, kind: str) -> Iterator[Json]:
        return (line for line in self.lines if line["is"] == kind)

    # --- people ---

    @property
    def passed(self) -> timedelta:
        """How far the clock on the wall has come."""
        return timedelta(seconds=max((line["seconds"] for line in self.of("clock")), default=0.0))

    @property
    def acknowledged(self) -> list[str]:
        """The steps that the service took, as the network knows."""
        return [line["step"] for line in self.of("acknowledged")]

    def posted(self, step: str) -> Json | None:
        """The act of this step as it went out first: a network repeats the same bytes."""
        return next((line["act"] for line in self.of("posted") if line["step"] == step), None)

    def payload(self, chat: Address, code: str) -> str:
        """What the lowest button of this choice carries, empty when there is none."""
        for shown in self._from_below(chat):
            for payload in shown.payloads:
                if payload.endswith(f":{code}"):
                    return payload
        return ""

    def question(self, chat: Address) -> str:
        """The id of the lowest message that asks an officer something, empty when there is none."""
        asking = (
            shown.id for shown in self._from_below(chat) if any(each[:2] == "d:" for each in shown.payloads)
        )
        return next(asking, "")

    def _from_below(self, chat: Address) -> Iterator[Shown]:
        return (shown for shown in reversed(self.screen) if shown.chat == chat.chat)

    # --- the network ---

    def takes(self, delivery: Delivery) -> str:
        """A request of the service takes effect; the id of the message."""
        number = delivery.message_id or f"m{len(self.lines)}"
        self.write(
            "seen",
            row=delivery.id,
            key=delivery.key,
            kind=delivery.kind,
            chat=delivery.address.chat,
            id=number,
            text=delivery.message.text,
            payloads=[button.payload for row in delivery.message.buttons for button in row],
            files=len(delivery.message.files),
        )
        return number

    def _happened(self, line: Json) -> None:
        self.lines.append(line)
        if line["is"] != "seen" or line["kind"] not in {SendKind.MESSAGE, SendKind.EDIT}:
            return
        if line["kind"] == SendKind.MESSAGE:
            self.screen.append(Shown(line["chat"], line["id"], "", []))
        for shown in self.screen:
            if (shown.chat, shown.id) == (line["chat"], line["id"]):
                shown.text, shown.payloads = line["text"], line["payloads"]


def inbound(step: str, act: Json) -> Inbound:
    """An act as the network hands it in."""
    return Inbound(
        external_id=step,
        chat=Address(Channel.TELEGRAM, act["chat"]),
        sender=act["who"],
        event=_event(step, act),
        is_private=act["chat"] != ROOM.chat,
        message_id=f"in-{step}",
        reply_to=act.get("reply_to"),
    )


def _event(step: str, act: Json) -> Event:
    if "press" in act:
        return ButtonPressed(act["press"], f"press-{step}")
    if "photo" in act:
        return MediaReceived(MediaRef(act["photo"], MediaKind.PHOTO))
    return TextReceived(act["text"])
