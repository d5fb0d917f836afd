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
    from bot.opening import at_work
    from handlers import invites

    with at_work() as work:
        code = invites.invite_officer(
            work.tx, work.service.keys, name=name, unit=unit, role=role, now=work.now
        )
    _show_code(name, code)


@invite.command("group", help=word("help.invite_group"))
def invite_group(desk: Annotated[bool, typer.Option("--desk", help=word("arg.desk"))] = False) -> None:
    from bot.opening import at_work
    from core.say import say
    from handlers import invites

    if not desk:
        raise typer.BadParameter("--desk")
    with at_work() as work:
        code = invites.invite_room(work.tx, work.service.keys, work.now)
    show(say("invited_group", code=invites.spell(code)))


@officer.command("list", help=word("help.officer_list"))
def list_officers() -> None:
    from bot.opening import at_work
    from core.say import Label, say
    from handlers.registry import registry

    with at_work() as work:
        listed = registry(work.tx, work.now)
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
    from bot.opening import at_work
    from core.say import say
    from handlers import registry

    with at_work() as work:
        found = registry.pick(work.tx, who, work.now)
        registry.disable(work.tx, found, work.now)
    show(say("officer_disabled", name=found.name))


@officer.command("link", help=word("help.officer_link"))
def link_officer(
    who: _Who, only: Annotated[bool, typer.Option("--only", help=word("arg.only"))] = False
) -> None:
    from bot.opening import at_work
    from handlers import invites, registry

    with at_work() as work:
        found = registry.pick(work.tx, who, work.now)
        code = invites.link(work.tx, work.service.keys, found, work.now, only=only)
    _show_code(found.name, code)


def _show_code(name: str, code: str) -> None:
    from bot.settings import load_settings
    from core.say import say
    from handlers.invites import spell

    settings = load_settings()
    show(say("invited", name=name, code=spell(code), web=f"{settings.public_url}/chat"))
    if settings.telegram.token is not None:
        show(say("invited_telegram", code=code))
    if settings.zalo_bot.token is not None or settings.zalo_oa.is_on:
        show(say("invited_zalo", code=spell(code)))
