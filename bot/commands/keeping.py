"""backup, restore and move: the data leaves, comes back, or goes to another place."""

from pathlib import Path
from typing import Annotated

import typer

from bot.words import complain, show, word

move = typer.Typer(no_args_is_help=True, help=word("help.move"))


def backup(file: Annotated[Path, typer.Argument(help=word("arg.backup_file"))]) -> None:
    from bot.backup import back_up
    from bot.opening import open_database
    from bot.settings import load_settings
    from core.say import say
    from handlers.runtime import Clock

    settings = load_settings()
    with open_database(settings):
        copied = back_up(settings, file, Clock().now())
    show(say("backup_done", path=str(file), files=copied.files, size=f"{copied.size_bytes / 2**20:.1f}"))


def restore(file: Annotated[Path, typer.Argument(help=word("arg.backup_file"))]) -> None:
    from bot.backup import restore as bring_back
    from bot.settings import load_settings
    from core.say import say
    from handlers.runtime import Clock

    restored = bring_back(load_settings(), file, Clock().now())
    if restored.kept is not None:
        show(say("restore_kept", path=str(restored.kept)))
    if restored.doubtful:
        show(say("restore_doubtful", count=restored.doubtful))
    show(say("restore_done", files=restored.files))


@move.callback()
def _moves() -> None:
    """Keeps the name of the only move there is."""


@move.command("sqlite-to-postgres", help=word("help.move_to_postgres"))
def move_to_postgres(to: Annotated[str, typer.Option(help=word("arg.move_to"))]) -> None:
    from bot.moving import move_to_postgresql
    from bot.settings import is_server, load_settings
    from core.say import Label, say

    if not is_server(to):
        raise typer.BadParameter(word("arg.move_to"))
    moved = move_to_postgresql(load_settings(), to)
    for old, new in zip(moved.source, moved.target, strict=True):
        verdict = Label("move.same" if old == new else "move.other")
        show(say("move_line", table=old.table, old=old.rows, new=new.rows, verdict=verdict))
    source, target = moved.fingerprints
    show(say("move_hashes", source=source, target=target))
    if source != target:
        complain(say("move_differs"))
        raise typer.Exit(1)
    show(say("move_done_beside_service" if moved.is_running else "move_done"))
