"""What anybody can find out without applying: only the questions that matter, then each clause with its reasons."""
