"""A plan sent in chat as a file: kept, fetched, read outside of any transaction, laid out for review."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import structlog
from sqlalchemy import select, update

import plans as reader
from core.channel import Address, Channel, MediaKind, MediaReceived
from core.conversation.officer_effects import PlanOpened
from core.conversation.officer_states import Idle, PlanAsking
from core.failure import without_words
from core.people import Officer
from core.say import Label, Text, say
from handlers import dialogue, media, notices, people, plan_access, plan_bringing, plan_drafts, plans
from handlers.plans import PlanProposal
from handlers.service import Service
from handlers.staff import Turn
from plans.found import Extraction
from plans.parsing import ReadingStoppedError
from storage.tables import AttachmentRow, PlanDraftRow
from storage.transaction import Transaction, table

log = structlog.get_logger()

TRIES = 3
"""A file that ended the service so often while it was read is not read again."""
MOST_DUTIES = 2_000
"""Laid out in one transaction, for which every chat waits; the longest plan we know has some hundreds."""
_DRAFT = table(PlanDraftRow)
_ATTACHMENT = table(AttachmentRow)


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """A fetched file that nobody has read yet."""

    draft_id: int
    name: str
    path: Path
    tries: int


@dataclass(frozen=True, slots=True)
class PlanRead:
    """What came of reading: the text with what was found in it, or why it cannot be read."""

    sha256: str = ""
    text: str = ""
    extraction: Extraction | None = None
    refusal: Text | None = None


# --- taking it in ------------------------------------------------------------------------------------------


def is_plan(turn: Turn, received: MediaReceived) -> bool:
    """Whether the file is a plan: a document, from one who may review plans, who is not asked for a file."""
    if received.media.kind is not MediaKind.DOCUMENT:
        return False
    step = dialogue.standing(turn).state.step
    return isinstance(step, Idle | PlanAsking) and plan_drafts.may_review(turn.service, turn.tx, turn.officer)


def take(turn: Turn, received: MediaReceived) -> None:
    """Remember the file and wish it fetched; what was found in it is shown as soon as it is read."""
    attachment_id = media.keep(turn.tx, received.media, turn.chat, turn.now, side=media.PLAN)
    shown = media.file_name(received.media)
    plan_bringing.awaited(turn.tx, turn.officer, turn.chat, attachment_id, shown, turn.now)
    turn.tell(say("plan_file_taken", name=shown or Label("file.nameless")))


def bring(
    service: Service, tx: Transaction, proposal: PlanProposal, text: str, name: str, now: datetime
) -> Text:
    """Lay out what the command line read for the officer of this name, who hears of it.

    The sentence to print holds the link to its page. Raises RuleError as `plan_drafts.reviewer`.
    """
    officer = plan_drafts.reviewer(service, tx, name, now)
    draft = plan_bringing.begin(tx, officer, proposal, text, now)
    waits = say("review_waits", name=plan_drafts.name(draft), id=draft.id)
    notices.to_officer(tx, officer, waits, now, key=f"review:{draft.id}:{officer.id}")
    address = plan_access.give_link(service, tx, officer, draft, now)
    minutes = int(plan_access.LINK_VALID.total_seconds()) // 60
    return say("import_review", id=draft.id, officer=officer.name, link=address, minutes=minutes)


# --- reading it --------------------------------------------------------------------------------------------


def waiting(tx: Transaction) -> list[int]:
    """Drafts whose file has come, or will not come."""
    rows = tx.connection.execute(
        select(_DRAFT.c.id)
        .join(_ATTACHMENT, _ATTACHMENT.c.id == _DRAFT.c.attachment_id)
        .where(
            _DRAFT.c.organisation_id == tx.organisation_id,
            _DRAFT.c.state == "waiting",
            _ATTACHMENT.c.state != "waiting",
        )
        .order_by(_DRAFT.c.id)
    )
    return [row.id for row in rows]


def begin_reading(service: Service, tx: Transaction, draft_id: int) -> WaitingPlan | None:
    """The file to be read, its try counted before it begins; None when there is nothing to read.

    A file that the house did not keep has been explained to its sender already.
    """
    draft = tx.session.get_one(PlanDraftRow, draft_id, with_for_update=True)
    attachment = tx.session.get(AttachmentRow, draft.attachment_id or 0)
    if draft.state != "waiting" or attachment is None:
        return None
    if attachment.state != "stored":
        draft.state = "unreadable"
        return None
    tx.connection.execute(update(_DRAFT).where(_DRAFT.c.id == draft_id).values(tries=draft.tries + 1))
    return WaitingPlan(draft_id, draft.file_name, service.files.path(attachment.sha256), draft.tries + 1)


def read(plan: WaitingPlan) -> PlanRead:
    """The file read and searched. Takes seconds, a scan minutes, and needs no database.

    Raises ReadingStoppedError when the service ends.
    """
    if plan.tries > TRIES:
        return PlanRead(refusal=say("plan_file_failed"))
    try:
        content = plan.path.read_bytes()
        text = reader.open_bytes(plan.name, content)
        found = reader.extract(text)
        if len(found.obligations) > MOST_DUTIES:
            return PlanRead(refusal=say("plan_file_too_long"))
        return PlanRead(sha256(content).hexdigest(), text.text, found)
    except reader.UnreadablePlan as refusal:
        return PlanRead(refusal=refusal.sentence)
    except ReadingStoppedError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug of ours owes the one who waits a sentence
        log.error("plan_reading_failed", draft_id=plan.draft_id, **without_words(error))
        return PlanRead(refusal=say("plan_file_failed"))


def was_read(service: Service, tx: Transaction, plan: WaitingPlan, found: PlanRead, now: datetime) -> None:
    """Lay out what was found, once, and show it to the one who sent the file, while they may review it."""
    draft = tx.session.get_one(PlanDraftRow, plan.draft_id, with_for_update=True)
    if draft.state != "waiting":
        return
    officer = people.officer_by_id(tx, draft.officer_id)
    if officer is None or not plan_drafts.may_review(service, tx, officer):
        _end(tx, draft, "dropped")
        return
    turn = _turn(service, tx, draft, officer, now)
    known = plans.imported(tx, found.sha256) if found.sha256 else None
    same = plan_drafts.same_open(tx, found.sha256) if found.sha256 else None
    if found.refusal is not None:
        _end(tx, draft, "unreadable")
        turn.tell(found.refusal)
    elif known is not None:
        _end(tx, draft, "dropped")
        turn.tell(say("proposal_known", id=known))
    elif same is not None:
        _end(tx, draft, "dropped")
        _show(turn, same)
    else:
        assert found.extraction is not None
        proposal = plans.propose(service, tx, found.extraction, draft.file_name, found.sha256, now)
        plan_bringing.fill(tx, draft, proposal, found.text)
        _show(turn, draft)


def _turn(service: Service, tx: Transaction, draft: PlanDraftRow, officer: Officer, now: datetime) -> Turn:
    chat = Address(Channel(draft.channel), draft.chat)
    return Turn(service, tx, officer, chat, f"plan:{draft.id}:{draft.tries}", now, is_private=True)


def _end(tx: Transaction, draft: PlanDraftRow, state: str) -> None:
    draft.state = state
    plan_drafts.let_file_go(tx, draft)
    tx.flush()


def _show(turn: Turn, draft: PlanDraftRow) -> None:
    """Begin the review, unless the officer is in the middle of something else."""
    step = dialogue.standing(turn).state.step
    if isinstance(step, Idle | PlanAsking):
        dialogue.advance(turn, PlanOpened(draft.id))
    else:
        turn.tell(say("plan_file_read", name=plan_drafts.name(draft), id=draft.id))
