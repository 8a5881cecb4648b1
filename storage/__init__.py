"""What Hearth remembers: tables, transactions, encryption and migrations.

Knows no rules and no words: it keeps plain values, and the services translate.
"""
