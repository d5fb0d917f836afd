"""The commands, one file a subject. Each imports what it needs when it is called."""
