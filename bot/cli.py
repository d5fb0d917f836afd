"""The command line. Exit 0: done; 1: could not be done, with one line that says what to do; 2: usage."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from bot.commands import keeping, officers, setting_up, webhooks
from bot.words import complain, word
from core.errors import RuleError, TemporarilyUnavailable
from core.say import Text, say

app = typer.Typer(
    name="danvan",
    help=word("help.danvan"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("init", help=word("help.init"))(setting_up.init)
app.command("migrate", help=word("help.migrate"))(setting_up.migrate)
app.command("doctor", help=word("help.doctor"))(setting_up.doctor)
app.add_typer(officers.invite, name="invite")
app.add_typer(officers.officer, name="officer")
app.add_typer(webhooks.webhook, name="webhook")
app.command("backup", help=word("help.backup"))(keeping.backup)
app.command("restore", help=word("help.restore"))(keeping.restore)


@app.callback(invoke_without_command=True)
def _options(
    show_version: Annotated[bool, typer.Option("--version", help=word("arg.version"))] = False,  # noqa: FBT002
) -> None:
    if show_version:
        typer.echo(version("danvan"))
        raise typer.Exit


def main() -> None:
    """Run the command that was asked for."""
    try:
        app()
    except RuleError as error:
        complain(Text(error.code, error.fields))
    except TemporarilyUnavailable:
        complain(say("database_busy"))
    except OSError as error:
        complain(say("file_refused", path=str(error.filename or ""), reason=str(error.strerror or error)))
    sys.exit(1)
