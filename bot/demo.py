"""The demo: a sample commune with its people, its plan and its own data folder; no account, no token."""

import re
import secrets
import shutil
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from pydantic import SecretStr

import plans
from bot.settings import FixedSettings, Settings
from core.calendar import local_day
from core.channel import Address, Channel, Inbound, TextReceived
from core.people import Role
from handlers import audit, invites, people, webchat
from handlers import plans as plan_handlers
from handlers.demo import remembered_offset
from handlers.runtime import Clock
from handlers.service import Service, build_service
from handlers.setup import initialise, load_file
from storage.database import Database
from storage.files import FileStore
from storage.keys import Keys
from storage.schema import migrate
from storage.transaction import Transaction
from texts import load
from web.demo import DemoPhone

SAMPLES = Path(__file__).parents[1] / "samples"
_ORGANISATION = SAMPLES / "to-chuc.toml"
_PLAN = SAMPLES / "ke-hoach-chay-thu.txt"
_STAFF = (
    ("desk", Role.DESK, "Tống Thị Hiên", "Văn phòng HĐND và UBND"),
    ("officer", Role.OFFICER, "Vi Quang Tuyến", "Phòng Kinh tế"),
    ("leader", Role.LEADER, "Lương Đình Khải", "Văn phòng HĐND và UBND"),
)

_LOOKS_OF_A_ROOM = (Channel.TELEGRAM, Channel.WEBCHAT)
"""Where a group may be the desk's room."""


def demo_settings(data_dir: Path, port: int) -> Settings:
    """Settings of the demo alone: loopback, its own folder and key; the environment has no say in it."""
    return FixedSettings(
        secret_key=SecretStr(_secret(data_dir)),
        data_dir=data_dir,
        host="127.0.0.1",
        port=port,
        public_url=f"http://127.0.0.1:{port}",
    )


def prepare(settings: Settings, *, reset: bool) -> Clock:
    """Have the sample commune in the folder, anew when `reset`, else as it was left; with its clock."""
    if reset:
        _clear(settings.data_dir)
    database = Database(settings.database)
    try:
        migrate(database.engine)
        with database.transaction() as tx:
            clock = Clock(remembered_offset(tx))
            now = clock.now()
            initialise(tx, load_file(_ORGANISATION.read_text(encoding="utf-8")), now)
            service = build_service(
                tx,
                catalogue=load(),
                keys=Keys(settings.secret),
                files=FileStore(settings.files_dir),
                public_url=settings.public_url,
            )
            seed(service, tx, now)
            _import_plan(service, tx, now)
    finally:
        database.close()
    return clock


def seed(service: Service, tx: Transaction, now: datetime) -> tuple[DemoPhone, ...]:
    """The four people of the demo, each with the web-chat identity that is theirs over restarts."""
    label = service.catalogue.label
    token = _token(service, "citizen")
    webchat.create_identity(tx, now, token=token, label=label("web.citizen"))
    phones = [DemoPhone("citizen", label("demo.citizen"), token, tuple(Channel))]
    for code, role, name, unit in _STAFF:
        token = _token(service, code)
        identity, _ = webchat.create_identity(tx, now, token=token, label=name)
        if people.officer_of(tx, Channel.WEBCHAT, identity.chat) is None:
            _bind(service, tx, identity.chat, (name, unit, role), now)
        looks = _LOOKS_OF_A_ROOM if role is Role.DESK else tuple(Channel)
        phones.append(DemoPhone(code, label(f"demo.{code}"), token, looks))
    return tuple(phones)


def _bind(service: Service, tx: Transaction, chat: str, who: tuple[str, str, Role], now: datetime) -> None:
    """As in life: an invitation, and the officer who sends its code."""
    name, unit, role = who
    code = invites.invite_officer(tx, service.keys, name=name, unit=unit, role=role, now=now)
    address = Address(Channel.WEBCHAT, chat)
    event = TextReceived(f"/start {code}")
    invites.use_code(service, tx, Inbound(f"demo:{chat}", address, chat, event), code, now)


def _import_plan(service: Service, tx: Transaction, now: datetime) -> None:
    """The sample plan, its days counted from the first start: whenever that is, something is due soon."""
    if plan_handlers.are_there(tx):
        return
    text = _dated(plans.read_file(_PLAN), local_day(now))
    digest = sha256(text.encode()).hexdigest()
    proposal = plan_handlers.propose(service, tx, plans.extract(text), _PLAN.name, digest, now)
    plan_handlers.schedule(service, tx, proposal, audit.SYSTEM, now)


def _dated(text: str, today: date) -> str:
    """The plan with {ngày N} as the date N days from today and {hôm nay} as its own date in words."""

    def coming(match: re.Match[str]) -> str:
        day = today + timedelta(days=int(match[1]))
        return f"{day.day:02}/{day.month}/{day.year}"

    dated = re.sub(r"\{ngày (\d+)\}", coming, text)
    return dated.replace("{hôm nay}", f"ngày {today.day:02} tháng {today.month:02} năm {today.year}")


def _token(service: Service, code: str) -> str:
    return service.keys.blind("demo_token", code)


def _secret(data_dir: Path) -> str:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / "demo.key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(32), encoding="utf-8")
        path.chmod(0o600)
    return path.read_text(encoding="utf-8")


def _clear(data_dir: Path) -> None:
    """Remove what the demo made; the key stays, so that open pages keep working."""
    for name in ("danvan.db", "danvan.db-wal", "danvan.db-shm"):
        (data_dir / name).unlink(missing_ok=True)
    for folder in ("files", "uploads"):
        shutil.rmtree(data_dir / folder, ignore_errors=True)
