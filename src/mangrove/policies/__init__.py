"""Support measures and money: the library, what a change would cost, applying, deciding, paying, and what it did."""
