"""Every act as an event in an append-only, sealed ledger: who, when, what, why."""
