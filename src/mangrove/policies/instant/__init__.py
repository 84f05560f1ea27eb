"""免申即享: firms that the data name already are offered what is theirs; they confirm, and are paid."""
