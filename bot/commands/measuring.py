"""bench: figures of this machine, beside peers measured in the same run."""

import asyncio
import json
from collections.abc import Coroutine
from enum import StrEnum
from typing import Annotated, Any

import typer

from bot.words import word

bench = typer.Typer(no_args_is_help=True, help=word("help.bench"))


class _Measured(StrEnum):
    """A network whose messages are counted."""

    TELEGRAM = "telegram"
    ZALO_OA = "zalo-oa"


_Json = Annotated[bool, typer.Option("--json", help=word("arg.json"))]


@bench.command("intake", help=word("help.bench_intake"))
def intake(
    channel: Annotated[_Measured, typer.Option(help=word("arg.measured"))] = _Measured.TELEGRAM,
    as_json: _Json = False,
) -> None:
    from bench.intake import measure

    _run(measure(channel), as_json=as_json)


@bench.command("send", help=word("help.bench_send"))
def send(as_json: _Json = False) -> None:
    from bench.send import measure

    _run(measure(), as_json=as_json)


@bench.command("plans", help=word("help.bench_plans"))
def read_plans(as_json: _Json = False) -> None:
    from bench.plans import measure

    _run(measure(), as_json=as_json)


@bench.command("soak", help=word("help.bench_soak"))
def soak(
    updates: Annotated[int, typer.Option(min=1000, help=word("arg.updates"))] = 50_000,
    as_json: _Json = False,
) -> None:
    from bench.soak import measure

    _run(measure(updates), as_json=as_json)


def _run(measuring: Coroutine[Any, Any, dict[str, Any]], *, as_json: bool) -> None:
    figures = asyncio.run(measuring)
    typer.echo(json.dumps(figures, ensure_ascii=False, indent=None if as_json else 2))
