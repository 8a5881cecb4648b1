"""What the clock tells us: the ticker and the list of its jobs. No rule lives here."""
