"""What the operator asks of Hearth: is it well, what is wrong, a copy, another key.

Stands beside the handlers and the clock: they answer people and time, this answers whoever runs
the process.
"""
