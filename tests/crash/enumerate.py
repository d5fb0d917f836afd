from pathlib import Path
from handlers.setup import initialise, load_file
from storage.database import Database
from storage.schema import migrate
from tests.conftest import NOW, SAMPLE
from tests.crash.story import Story


def build_template(story: Story, folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'danvan.db'}")
    migrate(database.engine)
    with database.transaction() as tx:
        initialise(tx, load_file(SAMPLE.read_text(encoding="utf-8")), NOW)
        story.prepare(tx)
    database.close()
