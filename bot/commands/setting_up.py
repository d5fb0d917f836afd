"""init, migrate, doctor: a deployment begins, grows and is looked over."""

from pathlib import Path
from typing import Annotated

import typer

from bot.words import complain, show, word


def init(file: Annotated[Path, typer.Argument(help=word("arg.organisation_file"))]) -> None:
    from bot.commands.reading import read_text
    from bot.opening import any_database, database_path
    from bot.secret_key import write_secret_key
    from bot.settings import ENV_FILE, load_settings
    from core.say import say
    from handlers.runtime import Clock
    from handlers.setup import OrganisationFileError, initialise, load_file
    from storage.schema import migrate as bring_up

    try:
        organisation = load_file(read_text(file))
    except OrganisationFileError as error:
        complain(say("file_wrong", problems=error.problems))
        raise typer.Exit(1) from None
    settings = load_settings()
    if settings.secret_key is None:
        write_secret_key(ENV_FILE)
        show(say("init_key", path=str(ENV_FILE.absolute())))
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not settings.is_postgresql:
        database_path(settings).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with any_database(settings.database) as (database, _):
        bring_up(database.engine)
        with database.transaction() as tx:
            initialise(tx, organisation, Clock().now())
    about = organisation.organisation
    show(say("init_done", name=about.name, units=len(organisation.units), fields=len(organisation.fields)))


def migrate() -> None:
    from bot.opening import any_database, database_path
    from bot.settings import load_settings
    from core.errors import RuleError
    from core.say import say
    from storage.schema import migrate as bring_up

    settings = load_settings()
    if not settings.is_postgresql and not database_path(settings).exists():
        raise RuleError("not_initialised")
    with any_database(settings.database) as (database, _):
        bring_up(database.engine)
    show(say("migrate_done"))


def doctor() -> None:
    from bot import logging
    from bot.doctor import examine
    from bot.settings import load_settings
    from core.say import say
    from handlers.runtime import Clock

    logging.set_up()
    problems = 0
    for finding in examine(load_settings(), Clock().now()):
        problems += finding.is_problem
        show(say("doctor_problem" if finding.is_problem else "doctor_note", what=finding.text))
    if problems:
        complain(say("doctor_bad", count=problems))
        raise typer.Exit(1)
    show(say("doctor_good"))
