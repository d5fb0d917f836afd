"""run, demo, check and replay: the service itself, and what its data look like."""

from pathlib import Path
from typing import Annotated

import typer

from bot.words import complain, show, word


def run() -> None:
    import asyncio

    from bot import logging
    from bot.app import serve
    from bot.lock import only_service
    from bot.opening import open_database
    from bot.settings import load_settings
    from core.say import say

    settings = load_settings()
    logging.set_up()
    with open_database(settings), only_service(settings):
        asyncio.run(serve(settings, started=lambda url: show(say("run_started", url=url))))


def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help=word("arg.port"))] = 8080,
    data_dir: Annotated[Path, typer.Option(help=word("arg.demo_data"))] = Path("data/demo"),
    reset: Annotated[bool, typer.Option("--reset", help=word("arg.reset"))] = False,
) -> None:
    import asyncio

    from bot import demo as sample
    from bot import logging
    from bot.app import serve
    from bot.lock import only_one
    from core.say import say

    logging.set_up()
    with only_one(data_dir):
        settings = sample.demo_settings(data_dir, port)
        clock = sample.prepare(settings, reset=reset)
        asyncio.run(
            serve(
                settings,
                clock=clock,
                demo=sample.seed,
                started=lambda url: show(say("demo_started", url=url)),
            )
        )


def check(as_json: Annotated[bool, typer.Option("--json", help=word("arg.json"))] = False) -> None:
    import json

    from bot.opening import at_work
    from core.say import say
    from handlers.invariants import check as walk

    with at_work() as work:
        report = walk(work.service, work.tx, work.now)
    if as_json:
        violations = [{"code": each.code, "what": each.what, "rows": each.rows} for each in report.findings]
        typer.echo(json.dumps({"checked": report.codes, "violations": violations}, ensure_ascii=False))
    else:
        for each in report.findings:
            show(say("check_violation", code=each.code, what=each.what, rows=", ".join(each.rows)))
        done = say("check_bad" if report.findings else "check_good", count=len(report.codes))
        (complain if report.findings else show)(done)
    if report.findings:
        raise typer.Exit(1)


def replay(number: Annotated[int, typer.Argument(help=word("arg.parked"))]) -> None:
    from bot.opening import at_work
    from bot.replaying import events_of
    from bot.settings import load_settings
    from core.say import say
    from handlers import inbound

    settings = load_settings()
    with at_work() as work:
        row = inbound.parked(work.tx, number)
        body = row.body.encode()
        first, *others = events_of(row, settings)
        inbound.replay(work.service, work.tx, number, first, work.now)
        for each in others:
            inbound.receive(work.service, work.tx, each, body, work.now)
    show(say("replay_done", id=number))
