"""Whose end counts: of the try that is on its way, of one whose lease ran out, of one that came too late."""

from datetime import timedelta

import pytest

from core.channel import PermanentSendError, Sent, UnknownOutcome
from handlers import delivery
from handlers.delivery import Ended
from handlers.service import Service
from storage.database import Database
from tests.flows.office import CITIZEN, Office
from tests.flows.test_delivery_faults import ANSWER, OTHER, hold_answer, lease, queue, reap, row_of, settle


@pytest.fixture
def office(database: Database, service: Service) -> Office:
    return Office(database, service)


def test_what_this_process_still_sends_is_not_in_doubt_after_a_leap_of_the_clock(office: Office) -> None:
    mine, lost = queue(office, "mine"), queue(office, "lost", OTHER)
    for each in (mine, lost):
        lease(office, each)
    office.now += timedelta(days=1)

    reap(office, mine)
    settle(office, Ended(mine, Sent("m1"), attempt=1))

    assert (row_of(office, mine).state, row_of(office, mine).provider_id) == ("sent", "m1")
    assert row_of(office, lost).state == "unknown"


def test_an_answer_in_doubt_that_did_arrive_is_delivered_after_all(office: Office) -> None:
    ticket = hold_answer(office)
    office.now += timedelta(minutes=1)
    with office.database.transaction() as tx:
        claimed = delivery.pump(office.service, tx, office.pacer, [], 50, office.now).deliveries
    (answer,) = [each for each in claimed if ANSWER in each.message.text and each.address == CITIZEN]
    office.now += timedelta(minutes=2)
    reap(office)
    assert [row.state for row in office.drafts(ticket)] == ["doubtful"]

    settle(office, Ended(answer.id, Sent("m9"), attempt=answer.attempt))

    assert [row.state for row in office.drafts(ticket)] == ["delivered"]
    assert row_of(office, answer.id).state == "sent"
    assert office.violations() == []


def test_the_end_of_an_earlier_try_does_not_end_the_later_one(office: Office) -> None:
    row = queue(office, "a", on_unknown="repeat")
    lease(office, row)
    office.now += timedelta(minutes=2)
    reap(office)
    office.now += timedelta(minutes=2)
    lease(office, row)

    settle(office, Ended(row, Sent("early"), attempt=1))
    settle(office, Ended(row, PermanentSendError("blocked"), attempt=1))

    assert (row_of(office, row).state, row_of(office, row).attempts) == ("sending", 2)


def test_a_late_refusal_does_not_touch_what_a_person_decides_about(office: Office) -> None:
    row = queue(office, "a")
    lease(office, row)
    office.now += timedelta(minutes=2)
    reap(office)

    settle(office, Ended(row, UnknownOutcome("no_answer"), attempt=1))

    assert (row_of(office, row).state, row_of(office, row).error) == ("unknown", "lease_over")
