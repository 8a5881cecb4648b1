"""What every start of Hearth loads, loaded once: each process of a test is a fork of this one."""

from __future__ import annotations

import inspect

import app
import cli
import handlers.http
import handlers.socket_mode
import storage.backup
import storage.migrate
import storage.postgresql
import storage.sqlite
from bot import content
from bot.operations import doctor

__all__ = ["app", "cli", "doctor", "handlers", "storage"]

content.check()
inspect.stack()  # Bolt looks through all modules when it starts, and Python remembers that
