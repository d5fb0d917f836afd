"""One-time codes: an officer joins an account, a desk joins its room, and nobody else joins anything."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from core.channel import Address, Channel, Inbound, TextReceived
from core.errors import RuleError
from core.people import Role
from core.say import Text
from handlers import invites, people, registry, webchat
from handlers.service import Service
from storage.keys import Keys
from storage.outbox import Wish, enqueue
from storage.tables import AuditRow, InviteRow, OutboxRow
from storage.transaction import Transaction
from tests.conftest import NOW, Staff
from texts import Catalogue

OFFICE = "Văn phòng HĐND và UBND"


def message(chat: str, *, sender: str | None = None, channel: Channel = Channel.TELEGRAM) -> Inbound:
    private = sender is None
    return Inbound("1", Address(channel, chat), sender or chat, TextReceived(""), is_private=private)


def invite(tx: Transaction, keys: Keys, name: str = "Lục Thị Sen", role: Role = Role.DESK) -> str:
    return invites.invite_officer(tx, keys, name=name, unit=OFFICE, role=role, now=NOW)


def use(service: Service, tx: Transaction, inbound: Inbound, code: str, now: datetime = NOW) -> str:
    reply = invites.use_code(service, tx, inbound, code, now)
    assert isinstance(reply, Text)
    return reply.key


def test_code_joins_the_account_to_the_officer(service: Service, tx: Transaction, keys: Keys) -> None:
    code = invite(tx, keys, role=Role.OFFICER)
    assert people.officer_of(tx, Channel.TELEGRAM, "77") is None
    assert use(service, tx, message("77"), code) == "invite_welcome_officer"
    officer = people.officer_of(tx, Channel.TELEGRAM, "77")
    assert officer is not None
    assert (officer.name, officer.role) == ("Lục Thị Sen", Role.OFFICER)
    assert people.addresses_of(tx, officer.id) == [Address(Channel.TELEGRAM, "77")]
    acts = [row.act for row in tx.session.exec(select(AuditRow).order_by(col(AuditRow.id)))]
    assert acts[-2:] == ["officer_invited", "officer_bound"]


@pytest.mark.parametrize("role", list(Role))
def test_welcome_of_every_role_can_be_printed(
    service: Service, tx: Transaction, keys: Keys, catalogue: Catalogue, role: Role
) -> None:
    reply = invites.use_code(service, tx, message("77"), invite(tx, keys, role=role), NOW)
    assert "Lục Thị Sen" in catalogue.words(reply)


@pytest.mark.parametrize(
    "typed",
    [
        "/start {code}",
        "/start {spelt}",
        "kết nối {spelt}",
        "Ket noi {lower}",
        "/ketnoi {code}",
        "/ketnoi@suoimay_bot {spelt}",
        "  KẾT NỐI {code} ",
    ],
)
def test_code_is_found_as_people_type_it(tx: Transaction, keys: Keys, typed: str) -> None:
    code = invite(tx, keys)
    text = typed.format(code=code, spelt=invites.spell(code), lower=code.lower())
    assert invites.find_code(text) == code


def test_look_alike_letters_are_read_as_digits() -> None:
    assert invites.find_code("kết nối oilab-cdefg") == "011ABCDEFG"


@pytest.mark.parametrize(
    "text", ["kết nối mạng quá yếu", "/start", "kết nối", "đường thôn tôi hỏng", "/start thon-na-co"]
)
def test_other_words_are_no_code(text: str) -> None:
    assert invites.find_code(text) is None


def test_code_works_once(service: Service, tx: Transaction, keys: Keys) -> None:
    code = invite(tx, keys)
    use(service, tx, message("77"), code)
    assert use(service, tx, message("78"), code) == "invite_used"
    assert people.officer_of(tx, Channel.TELEGRAM, "78") is None


def test_code_ends_after_three_days(service: Service, tx: Transaction, keys: Keys) -> None:
    code = invite(tx, keys)
    late = NOW + timedelta(hours=72)
    assert use(service, tx, message("77"), code, late) == "invite_expired"
    assert people.officer_of(tx, Channel.TELEGRAM, "77") is None


def test_newer_code_replaces_the_older(service: Service, tx: Transaction, keys: Keys) -> None:
    older, newer = invite(tx, keys), invite(tx, keys)
    assert use(service, tx, message("77"), older) == "invite_used"
    assert use(service, tx, message("77"), newer) == "invite_welcome_desk"


def test_guessing_is_stopped_for_an_hour(service: Service, tx: Transaction, keys: Keys) -> None:
    code = invite(tx, keys)
    for _ in range(5):
        assert use(service, tx, message("66"), "0000000000") == "invite_unknown"
    assert use(service, tx, message("66"), code) == "invite_wait"
    assert use(service, tx, message("77"), code) == "invite_welcome_desk"
    assert use(service, tx, message("66"), "0000000000", NOW + timedelta(minutes=61)) == "invite_unknown"


def test_code_is_stored_only_as_fingerprint(tx: Transaction, keys: Keys) -> None:
    code = invite(tx, keys)
    (row,) = tx.session.exec(select(InviteRow)).all()
    assert code not in str(row.model_dump())


def test_officer_code_shown_in_a_group_is_void(service: Service, tx: Transaction, keys: Keys) -> None:
    code = invite(tx, keys)
    assert use(service, tx, message("-100", sender="77"), code) == "invite_exposed"
    assert use(service, tx, message("77"), code) == "invite_used"


def test_desk_officer_makes_the_group_a_room(service: Service, tx: Transaction, keys: Keys) -> None:
    use(service, tx, message("77"), invite(tx, keys))
    code = invites.invite_room(tx, keys, NOW)
    assert use(service, tx, message("77"), code) == "invite_needs_group"
    assert use(service, tx, message("-100", sender="77"), code) == "invite_room_ready"
    assert people.rooms(tx) == [Address(Channel.TELEGRAM, "-100")]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.ADMIN])
def test_nobody_but_the_desk_makes_a_room(service: Service, tx: Transaction, keys: Keys, role: Role) -> None:
    use(service, tx, message("77"), invite(tx, keys, role=role))
    code = invites.invite_room(tx, keys, NOW)
    assert use(service, tx, message("-100", sender="77"), code) == "invite_needs_desk"
    assert use(service, tx, message("-100", sender="99"), code) == "invite_needs_desk"
    assert people.rooms(tx) == []


def test_desk_officer_on_web_chat_enters_the_desk_room(service: Service, tx: Transaction, keys: Keys) -> None:
    identity, _ = webchat.create_identity(tx, NOW)
    assert webchat.rooms_of(tx, identity) == ()
    use(service, tx, message(identity.chat, channel=Channel.WEBCHAT), invite(tx, keys))
    assert webchat.rooms_of(tx, identity) == (webchat.DESK_ROOM,)
    assert people.is_room(tx, Address(Channel.WEBCHAT, webchat.DESK_ROOM))


def test_unit_officer_on_web_chat_enters_no_room(service: Service, tx: Transaction, keys: Keys) -> None:
    identity, _ = webchat.create_identity(tx, NOW)
    use(service, tx, message(identity.chat, channel=Channel.WEBCHAT), invite(tx, keys, role=Role.OFFICER))
    assert webchat.rooms_of(tx, identity) == ()


def test_account_follows_the_code_it_used_last(service: Service, tx: Transaction, keys: Keys) -> None:
    use(service, tx, message("77"), invite(tx, keys, "Lục Thị Sen"))
    use(service, tx, message("77"), invite(tx, keys, "Âu Văn Tài", Role.OFFICER))
    officer = people.officer_of(tx, Channel.TELEGRAM, "77")
    assert officer is not None
    assert officer.name == "Âu Văn Tài"


def test_same_name_in_the_same_unit_is_the_same_person(tx: Transaction, keys: Keys) -> None:
    invite(tx, keys, "Lục Thị Sen")
    invite(tx, keys, "lục thị sen", Role.LEADER)
    invites.invite_officer(tx, keys, name="Lục Thị Sen", unit="Phòng Kinh tế", role=Role.OFFICER, now=NOW)
    listed = registry.registry(tx, NOW)
    assert [(each.officer.role, each.unit, each.is_invited) for each in listed] == [
        (Role.LEADER, OFFICE, True),
        (Role.OFFICER, "Phòng Kinh tế", True),
    ]


def test_unknown_unit_lists_the_known_ones(tx: Transaction, keys: Keys) -> None:
    with pytest.raises(RuleError) as caught:
        invites.invite_officer(tx, keys, name="A B", unit="Phòng Lạ", role=Role.DESK, now=NOW)
    assert caught.value.code == "unit_unknown"
    assert "Phòng Kinh tế" in str(caught.value.fields["known"])


def test_disabled_officer_loses_every_right_at_once(tx: Transaction, keys: Keys, staff: Staff) -> None:
    wish = Wish(key="k", address=staff.desk.address, text=Text("invite_used"))
    enqueue(tx, wish, NOW)
    registry.disable(tx, staff.desk.officer, NOW)
    assert people.officer_of(tx, Channel.WEBCHAT, staff.desk.sender) is None
    assert people.addresses_of(tx, staff.desk.officer.id) == []
    assert [row.state for row in tx.session.exec(select(OutboxRow))] == ["cancelled"]


def test_lost_phone_is_let_go_when_a_new_one_is_joined(
    service: Service, tx: Transaction, keys: Keys, staff: Staff
) -> None:
    code = invites.link(tx, keys, staff.clerk.officer, NOW, only=True)
    assert people.officer_of(tx, Channel.WEBCHAT, staff.clerk.sender) is None
    use(service, tx, message("88"), code)
    assert people.addresses_of(tx, staff.clerk.officer.id) == [Address(Channel.TELEGRAM, "88")]


def test_officer_is_picked_by_number_or_name(tx: Transaction, staff: Staff) -> None:
    assert registry.pick(tx, "be van soan", NOW) == staff.clerk.officer
    assert registry.pick(tx, str(staff.desk.officer.id), NOW) == staff.desk.officer
    with pytest.raises(RuleError, match="officer_unknown"):
        registry.pick(tx, "Không Ai", NOW)
