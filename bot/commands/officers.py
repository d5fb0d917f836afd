"""invite and officer: who works here."""

from typing import Annotated

import typer

from bot.words import show, word
from core.people import Role

invite = typer.Typer(no_args_is_help=True, help=word("help.invite"))
officer = typer.Typer(no_args_is_help=True, help=word("help.officer"))

_Who = Annotated[str, typer.Argument(help=word("arg.who"))]


@invite.command("officer", help=word("help.invite_officer"))
def invite_officer(
    name: Annotated[str, typer.Option(help=word("arg.name"))],
    unit: Annotated[str, typer.Option(help=word("arg.unit"))],
    role: Annotated[Role, typer.Option(help=word("arg.role"))],
) -> None:
    from bot.opening import open_database
    from bot.settings import load_settings
    from handlers import invites
    from handlers.runtime import Clock
    from storage.keys import Keys

    settings = load_settings()
    with open_database(settings) as database, database.transaction() as tx:
        keys = Keys(settings.secret)
        code = invites.invite_officer(tx, keys, name=name, unit=unit, role=role, now=Clock().now())
    _show_code(name, code)


@invite.command("group", help=word("help.invite_group"))
def invite_group(
    desk: Annotated[bool, typer.Option("--desk", help=word("arg.desk"))] = False,  # noqa: FBT002 - typer's way
) -> None:
    from bot.opening import open_database
    from bot.settings import load_settings
    from core.say import say
    from handlers import invites
    from handlers.runtime import Clock
    from storage.keys import Keys

    if not desk:
        raise typer.BadParameter("--desk")
    settings = load_settings()
    with open_database(settings) as database, database.transaction() as tx:
        code = invites.invite_room(tx, Keys(settings.secret), Clock().now())
    show(say("invited_group", code=invites.spell(code)))


@officer.command("list", help=word("help.officer_list"))
def list_officers() -> None:
    from bot.opening import open_database
    from bot.settings import load_settings
    from core.say import Label, say
    from handlers.registry import registry
    from handlers.runtime import Clock

    with open_database(load_settings()) as database, database.transaction() as tx:
        listed = registry(tx, Clock().now())
    for each in listed:
        standing = "linked" if each.channels else "invited" if each.is_invited else "unlinked"
        show(
            say(
                "officer_line",
                id=each.officer.id,
                name=each.officer.name,
                unit=each.unit,
                role=Label(f"role.{each.officer.role}"),
                standing=Label(f"standing.{standing if each.officer.is_active else 'disabled'}"),
                channels=", ".join(word(f"channel.{channel}") for channel in each.channels),
            )
        )


@officer.command("disable", help=word("help.officer_disable"))
def disable_officer(who: _Who) -> None:
    from bot.opening import open_database
    from bot.settings import load_settings
    from core.say import say
    from handlers import registry
    from handlers.runtime import Clock

    now = Clock().now()
    with open_database(load_settings()) as database, database.transaction() as tx:
        found = registry.pick(tx, who, now)
        registry.disable(tx, found, now)
    show(say("officer_disabled", name=found.name))


@officer.command("link", help=word("help.officer_link"))
def link_officer(
    who: _Who,
    only: Annotated[bool, typer.Option("--only", help=word("arg.only"))] = False,  # noqa: FBT002 - typer's way
) -> None:
    from bot.opening import open_database
    from bot.settings import load_settings
    from handlers import invites, registry
    from handlers.runtime import Clock
    from storage.keys import Keys

    settings = load_settings()
    now = Clock().now()
    with open_database(settings) as database, database.transaction() as tx:
        found = registry.pick(tx, who, now)
        code = invites.link(tx, Keys(settings.secret), found, now, only=only)
    _show_code(found.name, code)


def _show_code(name: str, code: str) -> None:
    from bot.settings import load_settings
    from core.say import say
    from handlers.invites import spell

    settings = load_settings()
    show(say("invited", name=name, code=spell(code), web=f"{settings.public_url}/chat"))
    if settings.telegram.token is not None:
        show(say("invited_telegram", code=code))
