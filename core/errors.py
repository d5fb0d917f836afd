"""What may go wrong by the rules of the house, not by a bug."""


class RuleError(Exception):
    """An act the rules forbid. `code` names a text of the catalogue; `fields` are its blanks."""

    def __init__(self, code: str, **fields: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields


class TemporarilyUnavailable(Exception):  # noqa: N818 - it passes, so it is no error of the caller
    """The database cannot be had now. Nothing was stored: the network must send again (HTTP 503)."""
