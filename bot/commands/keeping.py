"""backup and restore: the data leaves and comes back."""

from pathlib import Path
from typing import Annotated

import typer

from bot.words import show, word


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
