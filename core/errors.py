"""A broken rule, told to the person who broke it."""


class RuleError(Exception):
    """An act the rules forbid. `code` names a text of the catalogue; `fields` are its blanks."""

    def __init__(self, code: str, **fields: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields
