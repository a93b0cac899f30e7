"""Many reports, unattended: what is to be read, a ledger of what was, workers that may die, tables at the end."""
