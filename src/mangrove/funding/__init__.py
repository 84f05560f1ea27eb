"""The one ledger of money: pots, awards, payment orders, what the treasury did, and the evidence that counts once."""
