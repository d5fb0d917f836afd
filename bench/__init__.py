"""`danvan bench`: figures measured beside peers in the same run. Imported late; nothing else imports it."""
