"""plan and obligation: documents become duties, and duties are set right."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.words import catalogue, show, word

if TYPE_CHECKING:
    from plans.found import Place

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
    from core.say import Label, Text, say

    found = plans.extract(plans.open_file(file))
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
                where=_where(each.places),
            )
        )
    for problem in found.problems:
        told = catalogue().words(Text(problem.code, {"text": problem.text}))
        show(say("extract_problem", problem=told, where=_where(problem.places)))
    show(say("extract_done", count=len(found.obligations), problems=len(found.problems)))


def _where(places: "tuple[Place, ...]") -> str:
    """Where in the file the words begin, as the end of a line; "" for a plain text."""
    from handlers.proposal_words import where_words

    words = where_words(catalogue(), places[0].where if places else None)
    return f" ({words})" if words else ""


@plan.command("template", help=word("help.plan_template"))
def write_template(
    file: Annotated[Path, typer.Argument(help=word("arg.template_file"))] = Path("ke-hoach-mau.xlsx"),
) -> None:
    from core.calendar import local_day
    from core.errors import RuleError
    from core.say import say
    from plans.template import template

    content = template(word, local_day(datetime.now(UTC)))
    try:
        with file.open("xb") as out:
            out.write(content)
    except FileExistsError:
        raise RuleError("template_exists", path=str(file)) from None
    except OSError:
        raise RuleError("template_not_written", path=str(file)) from None
    show(say("template_written", path=str(file)))


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
    from handlers.plan_files import bring
    from handlers.plans import propose, schedule
    from handlers.proposal_words import proposal_lines

    read = plans.open_file(file)
    extraction = plans.extract(read)
    digest = sha256(file.read_bytes()).hexdigest()
    with at_work() as work:
        proposal = propose(work.service, work.tx, extraction, file.name, digest, work.now)
    for line in proposal_lines(work.service, proposal):
        typer.echo(line)
    if proposal.imported_as is not None:
        return
    if review:
        with at_work() as work:
            done = bring(work.service, work.tx, proposal, read.text, officer, work.now)
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
