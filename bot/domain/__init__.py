"""Rules: pure functions and values. No I/O, no clock, no words for people."""
