"""One duty in a private chat: its source and date, and the answers its status allows the reader."""

from datetime import datetime

from core.calendar import local_day
from core.obligations import ObligationAct, ObligationStatus, may_act
from core.people import Officer
from core.say import Choice, Label, Text, Value, say
from core.text import clip
from handlers import duties, extensions
from handlers.service import Service
from storage.tables import ObligationRow
from storage.transaction import Transaction

_ANSWERS = (
    (ObligationAct.ACKNOWLEDGE, "acknowledge"),
    (ObligationAct.COMPLETE, "done"),
    (ObligationAct.ASK_EXTENSION, "extend"),
    (ObligationAct.REJECT, "reject"),
)


def card(service: Service, tx: Transaction, officer: Officer, row: ObligationRow, now: datetime) -> Text:
    """The duty as this officer sees it, who may read it."""
    fields: dict[str, Value] = {
        "title": clip(row.title, 200),
        "source": duties.source(tx, row),
        "unit": duties.unit_name(tx, row),
        "due": duties.due_words(service, duties.as_rule(row), local_day(now)),
        "status": Label(f"obligation_status.{row.status}"),
        "notes": _notes(tx, row, now),
    }
    return Text("obligation_card", fields, _answers(service, tx, officer, row, now))


def _notes(tx: Transaction, row: ObligationRow, now: datetime) -> tuple[Text, ...]:
    """Lines that stand only where there is something to say."""
    waiting = extensions.waiting(tx, row.id)
    via = say("note_via", via=row.via) if row.via else ""
    lines = (
        say("note_late") if duties.as_rule(row).is_overdue(now) else None,
        say("note_report_to", to=row.report_to, via=via) if row.report_to else None,
        say("note_evidence", evidence=row.evidence) if row.evidence else None,
        say("note_remark", remark=row.remark) if row.remark else None,
        say("note_extension", day=waiting.new_due, reason=waiting.reason) if waiting else None,
    )
    return tuple(line for line in lines if line is not None)


def _answers(
    service: Service, tx: Transaction, officer: Officer, row: ObligationRow, now: datetime
) -> tuple[Choice, ...]:
    mine = duties.parties(service, tx, officer, row)
    waiting = extensions.waiting(tx, row.id)
    offered = [code for act, code in _ANSWERS if may_act(ObligationStatus(row.status), act, mine)]
    if waiting is not None or not extensions.may_still_ask(duties.as_rule(row), now):
        offered = [code for code in offered if code != "extend"]
    if waiting is not None and may_act(ObligationStatus(row.status), ObligationAct.GRANT, mine):
        offered += ["grant", "refuse"]
    return tuple(Choice(code) for code in offered)
