"""Personal data: masked where it is shown, shown in full with a purpose that the ledger keeps, emptied when its time is over."""
