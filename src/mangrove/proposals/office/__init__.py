"""The door to the office system (OA) and the seal: a package goes out, number, date and stamped file come back."""
