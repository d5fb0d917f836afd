"""Every word a person reads, as data, and the one function that prints it."""

from texts.catalogue import Catalogue, load

__all__ = ["Catalogue", "load"]
