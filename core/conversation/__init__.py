"""Dialogues as pure functions: a stored state and an event in, a new state and wished effects out."""
