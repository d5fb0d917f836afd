"""Rules of the service: standard library only, no clock, no I/O, no randomness."""
