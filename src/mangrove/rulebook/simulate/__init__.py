"""What a measure would cost and whom it would reach before it is in force. Pure and exact: no floats decide anything."""
