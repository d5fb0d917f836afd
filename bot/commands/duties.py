"""plan and obligation: documents become duties, and duties are set right."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.words import show, word

plan = typer.Typer(no_args_is_help=True, help=word("help.plan"))
obligation = typer.Typer(no_args_is_help=True, help=word("help.obligation"))

_File = Annotated[Path, typer.Argument(help=word("arg.plan_file"))]
_Number = Annotated[int, typer.Argument(help=word("arg.obligation"))]
_Unit = Annotated[str, typer.Option(help=word("arg.unit"))]
_Title = Annotated[str, typer.Option(help=word("arg.title"))]
_Due = Annotated[datetime, typer.Option(formats=["%d/%m/%Y", "%Y-%m-%d"], help=word("arg.due"))]
_Before = Annotated[bool, typer.Option("--before", help=word("arg.before"))]


@plan.command("extract", help=word("help.plan_extract"))
def extract_plan(
    file: _File, as_json: Annotated[bool, typer.Option("--json", help=word("arg.json"))] = False
) -> None:
    import json

    import plans
    from core.say import Label, say

    found = plans.extract(plans.read_file(file))
    if as_json:
        typer.echo(json.dumps(plans.as_json(found), ensure_ascii=False, indent=1))
        return
    for each in found.obligations:
        show(
            say(
                "extract_line",
                section=each.section or "-",
                task=each.task,
                lead=", ".join(each.lead) or Label("extract.nobody"),
                due=each.due or each.due_phrase or Label("extract.no_due"),
            )
        )
    show(say("extract_done", count=len(found.obligations), problems=len(found.problems)))


@plan.command("import", help=word("help.plan_import"))
def import_plan(
    file: _File,
    yes: Annotated[bool, typer.Option("--yes", help=word("arg.yes"))] = False,
    review: Annotated[bool, typer.Option("--review", help=word("arg.review"))] = False,
    officer: Annotated[str, typer.Option(help=word("arg.reviewer"))] = "",
) -> None:
    from hashlib import sha256

    import plans
    from bot.opening import at_work
    from core.say import say
    from handlers import audit
    from handlers.plan_bringing import with_plain_lines
    from handlers.plan_files import bring
    from handlers.plans import propose, schedule
    from handlers.proposal_words import proposal_lines

    text = with_plain_lines(plans.read_file(file))
    extraction = plans.extract(text)
    digest = sha256(file.read_bytes()).hexdigest()
    with at_work() as work:
        proposal = propose(work.service, work.tx, extraction, file.name, digest, work.now)
    for line in proposal_lines(work.service, proposal):
        typer.echo(line)
    if proposal.imported_as is not None:
        return
    if review:
        with at_work() as work:
            done = bring(work.service, work.tx, proposal, text, officer, work.now)
        show(done)
        return
    if not yes:
        typer.confirm(word("ask.schedule"), abort=True)
    with at_work() as work:
        plan_id = schedule(work.service, work.tx, proposal, audit.By("admin"), work.now)
    show(say("import_done", id=plan_id, count=len(proposal.duties)))


@obligation.command("list", help=word("help.obligation_list"))
def list_obligations() -> None:
    from bot.opening import at_work
    from handlers.obligations import list_open

    with at_work() as work:
        lines = list_open(work.service, work.tx, work.now)
    for line in lines:
        typer.echo(line)


@obligation.command("add", help=word("help.obligation_add"))
def add_obligation(title: _Title, unit: _Unit, due: _Due, before: _Before = False) -> None:
    from bot.opening import at_work
    from handlers.obligations import add

    with at_work() as work:
        done = add(work.service, work.tx, title=title, unit=unit, due=due.date(), before=before, now=work.now)
    show(done)


@obligation.command("fix", help=word("help.obligation_fix"))
def fix_obligation(
    number: _Number,
    title: _Title | None = None,
    unit: _Unit | None = None,
    due: _Due | None = None,
    before: Annotated[bool | None, typer.Option("--before/--on-day", help=word("arg.before"))] = None,
) -> None:
    from bot.opening import at_work
    from handlers.obligations import fix

    day = None if due is None else due.date()
    with at_work() as work:
        done = fix(
            work.service, work.tx, number, title=title, unit=unit, due=day, before=before, now=work.now
        )
    show(done)


@obligation.command("cancel", help=word("help.obligation_cancel"))
def cancel_obligation(number: _Number) -> None:
    from bot.opening import at_work
    from handlers.obligations import cancel

    with at_work() as work:
        done = cancel(work.service, work.tx, number, work.now)
    show(done)
