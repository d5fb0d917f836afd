"""The database and the files: tables, transactions, queries, migrations."""
