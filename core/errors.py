"""What may go wrong by the rules of the house, not by a bug."""

from core.say import Text, Value


class RuleError(Exception):
    """An act the rules forbid. `code` names a text of the catalogue; `fields` are its blanks."""

    def __init__(self, code: str, **fields: Value) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields

    @property
    def sentence(self) -> Text:
        """What the person who broke the rule is told."""
        return Text(self.code, self.fields)


class TemporarilyUnavailable(Exception):  # noqa: N818 - it passes, so it is no error of the caller
    """The database cannot be had now. Nothing was stored: the network must send again (HTTP 503)."""
