"""What every use case needs beside its transaction."""

import hashlib
import json
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from sqlalchemy import select

from core.calendar import Calendar
from core.clocks import ClockPolicy
from core.conversation.context import FieldOption, Office
from core.conversation.places import KnownPlace
from core.reminders import ReminderPolicy
from core.say import Label
from core.text import fold
from handlers.organisation import Organisation
from storage.files import FileStore
from storage.keys import Keys
from storage.tables import CalendarDayRow, OrganisationRow
from storage.transaction import Transaction, table
from texts import Catalogue

_THIS_MACHINE = frozenset({"", "localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Service:
    """The organisation served, its calendar and rules, the words, the keys and the files.

    `form` names the questions about fields. `is_demo`: its people all sit at this machine.
    Frozen: `refreshed` gives a new one after the organisation file was loaded again.
    """

    catalogue: Catalogue
    keys: Keys
    files: FileStore
    public_url: str
    organisation: Organisation
    calendar: Calendar
    office: Office
    fields: tuple[FieldOption, ...]
    places: tuple[KnownPlace, ...]
    form: str
    clocks: ClockPolicy
    reminders: ReminderPolicy
    is_demo: bool = False

    def field_label(self, code: str) -> str | Label:
        """The field in words, or that nobody has chosen one yet."""
        return next((field.label for field in self.fields if field.code == code), Label("field.unknown"))

    @property
    def is_public(self) -> bool:
        """Whether people can open our pages: elsewhere not those whose address is this machine's own."""
        return self.is_demo or (urlsplit(self.public_url).hostname or "") not in _THIS_MACHINE

    def refreshed(self, tx: Transaction) -> "Service":
        """The same service with the organisation and calendar as they stand in the database now."""
        organisation = load_organisation(tx)
        return replace(
            self,
            catalogue=_catalogue(self.catalogue, organisation),
            organisation=organisation,
            calendar=load_calendar(tx, organisation),
            office=_office(organisation, self.public_url),
            fields=_fields(organisation),
            places=_places(organisation),
            form=_form(organisation),
        )


def build_service(
    tx: Transaction,
    *,
    catalogue: Catalogue,
    keys: Keys,
    files: FileStore,
    public_url: str,
    is_demo: bool = False,
) -> Service:
    """The service of the organisation in the database. Raises RuleError("not_initialised") before `init`."""
    organisation = load_organisation(tx)
    return Service(
        catalogue=_catalogue(catalogue, organisation),
        keys=keys,
        files=files,
        public_url=public_url,
        organisation=organisation,
        calendar=load_calendar(tx, organisation),
        office=_office(organisation, public_url),
        fields=_fields(organisation),
        places=_places(organisation),
        form=_form(organisation),
        clocks=ClockPolicy(),
        reminders=ReminderPolicy(),
        is_demo=is_demo,
    )


def load_organisation(tx: Transaction) -> Organisation:
    """The organisation file as it was last loaded."""
    organisation = table(OrganisationRow)
    config = tx.connection.execute(
        select(organisation.c.config).where(organisation.c.id == tx.organisation_id)
    ).scalar_one()
    return Organisation.model_validate(config)


def load_calendar(tx: Transaction, organisation: Organisation) -> Calendar:
    """Working days and sessions: the day table over Monday to Friday."""
    days = table(CalendarDayRow)
    rows = tx.connection.execute(
        select(days.c.day, days.c.kind).where(days.c.organisation_id == tx.organisation_id)
    )
    return Calendar(
        days={row.day: row.kind == "work" for row in rows},
        sessions=tuple((session.start, session.end) for session in organisation.desk.sessions),
    )


def _office(organisation: Organisation, public_url: str) -> Office:
    about = organisation.organisation
    desk = organisation.desk
    return Office(
        name=about.name,
        hours=desk.hours,
        address=desk.address,
        phone=desk.phone,
        privacy_version=about.privacy_version,
        privacy_notice=about.privacy_notice,
        denunciation_way=about.denunciation_way,
        retention_months=about.retention_months,
        lookup_url=f"{public_url}/tra-cuu",
    )


def _fields(organisation: Organisation) -> tuple[FieldOption, ...]:
    return tuple(
        FieldOption(
            field.code, field.label, field.words, tuple(fold(word) for word in field.words), field.questions
        )
        for field in organisation.fields
    )


def _catalogue(catalogue: Catalogue, organisation: Organisation) -> Catalogue:
    return catalogue.addressing(organisation.organisation.citizens_called)


def _form(organisation: Organisation) -> str:
    """A name of what citizens are asked about their field: another one when a field or question changes."""
    asked = [[field.code, *field.questions] for field in organisation.fields]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:8]


def _places(organisation: Organisation) -> tuple[KnownPlace, ...]:
    return tuple(
        KnownPlace(place.name, place.formerly, place.contact, place.code) for place in organisation.places
    )
