"""The words of the command line, from the catalogue."""

from functools import cache

import typer

from core.say import Text
from texts import Catalogue, load


@cache
def catalogue() -> Catalogue:
    """The Vietnamese catalogue, read once."""
    return load()


def word(key: str) -> str:
    """A label of the catalogue."""
    return catalogue().label(key)


def show(text: Text) -> None:
    """Print a message on stdout."""
    typer.echo(catalogue().words(text))


def complain(text: Text) -> None:
    """Print a message on stderr."""
    typer.echo(catalogue().words(text), err=True)
