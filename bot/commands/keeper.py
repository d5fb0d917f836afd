"""sealed: the keeper of denunciations reads them at the office's machine, never in a chat."""

from typing import Annotated

import typer

from bot.words import catalogue, show, word

sealed = typer.Typer(no_args_is_help=True, help=word("help.sealed"))


@sealed.command("list", help=word("help.sealed_list"))
def list_all() -> None:
    from bot.opening import at_work
    from core.say import Label, say
    from handlers.sealed import list_sealed

    with at_work() as work:
        found = list_sealed(work.tx)
    for each in found:
        opened = each.opened_at or Label("sealed.never")
        show(say("sealed_line", id=each.id, at=each.created_at, opened=opened))
    if not found:
        show(say("sealed_none"))


@sealed.command("open", help=word("help.sealed_open"))
def open_one(number: Annotated[int, typer.Argument(help=word("arg.sealed"))]) -> None:
    from bot.opening import at_work
    from core.say import say
    from handlers.sealed import keeper_of, open_sealed

    with at_work() as work:
        keeper = keeper_of(work.service, work.tx)
    typer.confirm(catalogue().body(say("sealed_ask", name=keeper.name)), abort=True)
    with at_work() as work:
        words = open_sealed(work.service, work.tx, number, work.now)
    typer.echo(words)
