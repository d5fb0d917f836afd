"""What the doctor finds."""

from dataclasses import dataclass

from core.say import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know. A problem makes the check fail, the rest is said in passing."""

    text: Text
    is_problem: bool = True
