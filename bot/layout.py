"""What senders need for laying a message out; and the sender of the demo, which has every layout."""

from collections.abc import Callable

from bot.settings import Settings
from channels.look_sender import Layout, LookSender
from channels.telegram_message import KeyboardWords
from core.channel import OutgoingFile, Sender
from handlers import file_links
from handlers.runtime import Runtime
from web.demo import DemoWardrobe


def in_other_clothes(settings: Settings, runtime: Runtime, page: Sender) -> Sender:
    """The sender of the demo, where each phone may be switched to the look of another network."""
    layout = Layout(settings.files_dir, link=linking(runtime), words=keyboard_words(runtime))
    return LookSender(page, wardrobe=DemoWardrobe(runtime), layout=layout)


def keyboard_words(runtime: Runtime) -> KeyboardWords:
    """What stands on the keys of Telegram that send a place and a telephone number."""
    label = runtime.service.catalogue.label
    return KeyboardWords(location=label("button.location"), contact=label("button.contact"))


def linking(runtime: Runtime) -> Callable[[OutgoingFile], str]:
    """What makes the public address of a file."""
    return lambda file: file_links.link(runtime.service, file, runtime.clock.now())
