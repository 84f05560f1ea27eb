"""Running the house: backup, restore, the drill that shows both work, and what must hold before it is deployed."""
