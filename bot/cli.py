"""The command line. Exit 0: done; 1: could not be done, with one line that says what to do; 2: usage."""

import errno
import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from bot.commands import (
    duties,
    keeper,
    keeping,
    lines,
    measuring,
    officers,
    serving,
    setting_up,
    talking,
    webhooks,
    zalo_oa,
)
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
app.command("run", help=word("help.run"))(serving.run)
app.command("demo", help=word("help.demo"))(serving.demo)
app.add_typer(officers.invite, name="invite")
app.add_typer(officers.officer, name="officer")
app.add_typer(duties.plan, name="plan")
app.add_typer(duties.obligation, name="obligation")
app.command("dates", help=word("help.dates"))(lines.dates)
app.command("classify", help=word("help.classify"))(lines.classify)
app.add_typer(keeper.sealed, name="sealed")
app.add_typer(webhooks.webhook, name="webhook")
app.add_typer(zalo_oa.zalo_oa, name="zalo-oa")
app.add_typer(measuring.bench, name="bench")
app.command("console", help=word("help.console"))(talking.console)
app.command("check", help=word("help.check"))(serving.check)
app.command("replay", help=word("help.replay"))(serving.replay)
app.command("backup", help=word("help.backup"))(keeping.backup)
app.command("restore", help=word("help.restore"))(keeping.restore)
app.add_typer(keeping.move, name="move")


@app.callback(invoke_without_command=True)
def _options(
    show_version: Annotated[bool, typer.Option("--version", help=word("arg.version"))] = False,
) -> None:
    if show_version:
        typer.echo(version("danvan"))
        raise typer.Exit


def main() -> None:
    """Run the command that was asked for. What it writes, only its owner may read."""
    os.umask(0o077)
    try:
        app()
    except RuleError as error:
        complain(error.sentence)
    except TemporarilyUnavailable:
        complain(say("database_busy"))
    except OSError as error:
        complain(_refused(error))
    sys.exit(1)


def _refused(error: OSError) -> Text:
    if error.errno == errno.EADDRINUSE:
        return say("port_taken")
    return say("file_refused", path=str(error.filename or ""), reason=error.strerror or str(error))
