"""The glossary joins the English of the code to the Vietnamese of the people, without a gap."""

import pytest

from core.conversation.draft import Identity, Kind
from core.obligations import ObligationKind, ObligationStatus
from core.people import Role
from core.tickets import Actor, Outcome, Status
from tests.shape.sources import document, named, packages, public_classes, rows, section

GLOSSARY = "glossary.md"


def test_every_public_class_of_the_core_is_in_the_glossary() -> None:
    known = named(document(GLOSSARY))
    missing = {name: path for name, path in public_classes("core").items() if name not in known}
    assert missing == {}


def test_the_glossary_names_only_classes_that_exist() -> None:
    classes = {name for package in packages() for name in public_classes(package)}
    written = {name for name in named(document(GLOSSARY)) if name[0].isupper() and not name.isupper()}
    assert written - classes == set()


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("Trạng thái hồ sơ", Status),
        ("Kết quả", Outcome),
        ("Vai trò", Role),
        ("Người thực hiện", Actor),
        ("Loại nội dung", Kind),
        ("Chế độ danh tính", Identity),
        ("Loại đầu việc", ObligationKind),
        ("Trạng thái đầu việc", ObligationStatus),
    ],
)
def test_every_code_has_its_vietnamese_name(title: str, codes: type[Status]) -> None:
    found = [row[0] for row in rows(section(document(GLOSSARY), title))]
    assert found == [code.value for code in codes]
