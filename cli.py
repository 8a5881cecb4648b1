"""The operator's commands. Each is one call; what it does is told by `hearth --help`."""

from __future__ import annotations

import argparse
import gc
import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import settings
from bot.errors import CannotStart, SettingsError
from bot.operations import logs, signals

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

    from app import Hearth
    from sandbox import Sandbox

FIRST_PORT = 8765
PORTS_TRIED = 50
YOUNG_OBJECTS = 50_000
END_SECONDS = 10.0
"""How long an end may take, whatever hangs; process managers lose patience soon after."""

SPARE_SECONDS = 0.3


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 the operator must mend something."""
    chosen = _parser().parse_args(arguments)
    os.umask(0o077)  # what Hearth writes is for its own user only
    logs.configure()
    try:
        result: int = chosen.run(chosen)
    except SettingsError as error:
        return _say_settings(error)
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped half-way; nothing was changed.", file=sys.stderr)
        return 130
    return result


def run(_chosen: argparse.Namespace) -> int:
    """Connect to Slack and stay until told to stop."""
    loaded = settings.load()
    logs.configure(loaded.log)
    # Bolt would find the token there as well, and warn that it is given one too many.
    os.environ.pop("SLACK_BOT_TOKEN", None)
    from app import Hearth

    asked_to_end = signals.on_signals(end_within=END_SECONDS)
    hearth = Hearth(loaded)
    hearth.start()
    # What start-up built stays as long as the process: never look through it again. And what one
    # request builds is gone without the collector, which need not run several times for each.
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
    print(f"Hearth is {hearth.where}. Ctrl-C stops it.", flush=True)
    signals.wait_for(asked_to_end)
    if not hearth.stop(END_SECONDS - SPARE_SECONDS):
        print("Hearth has ended before everything was answered.", flush=True)
        return 1  # should what hangs keep the interpreter from ending, `insist` ends it
    print("Hearth has stopped.", flush=True)
    return 0


def key(_chosen: argparse.Namespace) -> int:
    """Print a new encryption key."""
    print(f"HEARTH_KEYS={settings.new_key(datetime.now(UTC).strftime('%Y-%m'))}")
    return 0


def keys_list(_chosen: argparse.Namespace) -> int:
    """Say which keys the database knows, which one writes, and what each still holds."""
    from bot.operations import keys

    return keys.list_keys(settings.load(), _say)


def keys_rotate(_chosen: argparse.Namespace) -> int:
    """Write every note anew with the first key; Hearth may run meanwhile."""
    from bot.operations import keys

    return keys.rotate_keys(settings.load(), signals.set_on_signals(), _say)


def keys_retire(chosen: argparse.Namespace) -> int:
    """Let start-up no longer ask for a key that holds nothing any more."""
    from bot.operations import keys

    return keys.retire_key(settings.load(), chosen.id, _say)


def cohort_add(chosen: argparse.Namespace) -> int:
    """Keep a cohort: its channel, its name and who belongs to it."""
    from bot.operations import cohorts

    return cohorts.add(settings.load(), chosen.name, chosen.channel, chosen.member, _say)


def cohort_list(_chosen: argparse.Namespace) -> int:
    """Say which cohorts there are."""
    from bot.operations import cohorts

    return cohorts.list_cohorts(settings.load(), _say)


def evaluate(chosen: argparse.Namespace) -> int:
    """Say how the detector of concerns does on the texts of a file; it needs no settings."""
    from bot.operations import concerns

    return concerns.evaluate(chosen.file, _say, show=chosen.show)


def back_up(chosen: argparse.Namespace) -> int:
    """Write everything into one new file; Hearth may run meanwhile."""
    from bot.operations import backup

    signals.interrupt_on_sigterm()
    return backup.back_up(settings.load(), chosen.file, datetime.now(UTC), _say)


def restore(chosen: argparse.Namespace) -> int:
    """Put what a backup holds into the database: all of it, or nothing."""
    from bot.operations import backup

    signals.interrupt_on_sigterm()
    now = datetime.now(UTC)
    return backup.restore(settings.load(), chosen.file, now, _say, replace=chosen.replace)


def migrate(_chosen: argparse.Namespace) -> int:
    """Bring the database up to date, as a start would."""
    from bot.operations import backup

    return backup.migrate(settings.load(), datetime.now(UTC), _say)


def _manifest() -> Path:
    """Return the Slack app's manifest: beside this file in a source tree, else as installed."""
    here = Path(__file__).with_name("manifest.yml")
    return here if here.exists() else Path(sys.prefix, "share", "hearth", here.name)


def _say(line: str) -> None:
    print(line, flush=True)  # whoever watches through a pipe reads it while it happens


def doctor(chosen: argparse.Namespace) -> int:
    """Look at everything that Hearth needs; 1 when something is bad."""
    from bot.operations import doctor as doctors
    from bot.ports import SystemClock

    try:
        loaded = settings.load()
    except SettingsError as error:
        if chosen.json:
            print(doctors.as_json(doctors.of_settings(error)))
        raise
    found = []
    for finding in doctors.examine(loaded, manifest=_manifest(), clock=SystemClock()):
        found.append(finding)
        if not chosen.json:
            _say(str(finding))
    if chosen.json:
        print(doctors.as_json(found))
    return doctors.exit_code(found)


def demo(chosen: argparse.Namespace) -> int:
    """Start a Slack workspace on this machine, with Hearth in it."""
    asked_to_end = signals.on_signals()
    with tempfile.TemporaryDirectory(prefix="hearth-demo-") as folder:
        kept = Path(chosen.data or folder)
        kept.mkdir(parents=True, exist_ok=True)
        box = _free_sandbox(chosen.port, kept / "hearth.db")
        try:
            hearth = _hearth_in(box, kept)
            hearth.start()
            _furnish(box, hearth)
            print(_WELCOME.format(url=box.url, then=_kept(chosen.data)), flush=True)
            signals.wait_for(asked_to_end)
            hearth.stop()
        finally:
            box.stop()
    print("\nThe demo has ended.", flush=True)
    return 0


def _furnish(box: Sandbox, hearth: Hearth) -> None:
    """Give the demo a rhythm, and let it go on by itself while the clock travels."""
    from bot.operations.showcase import PEOPLE, furnish
    from sandbox.residents import Residents

    channels = {each["name"]: (each["id"], each["members"]) for each in box.channels()}
    ids = {name: box.person(name).id for name in PEOPLE}
    furnish(hearth.services, hearth.database, channels, ids, box.clock.now())
    residents = Residents(box.url, "hearth")

    def at_halt() -> None:
        hearth.catch_up()
        residents.act()
        hearth.catch_up()

    box.clock.halt_at(hearth.next_due, at_halt)


_WELCOME = """
Hearth is in a Slack workspace on this machine:

    {url}

Open it in a browser. You are Maya; type /checkin and press Enter. Or act as Kofi, who runs the
cohort of new parents: type /ritual in #cohort-new-parents, then let the clock travel some weeks.
Nothing leaves this machine. Ctrl-C ends the demo{then}."""


def _kept(folder: str | None) -> str:
    return f"; what it stored stays in {folder}" if folder else " and deletes what it stored"


def _hearth_in(box: Sandbox, folder: Path) -> Hearth:
    """Return Hearth for this workspace; its key lies beside its database, as only a demo's may."""
    from app import Hearth

    key_file = folder / "key"
    if not key_file.exists():
        key_file.write_text(settings.new_key("demo"))
    loaded = settings.load(
        env_file=Path(os.devnull),
        environ={
            "SLACK_BOT_TOKEN": box.bot_token,
            "SLACK_APP_TOKEN": box.app_token,
            "SLACK_API_URL": box.api_url,
            "HEARTH_ALLOW_OTHER_SLACK": "yes",
            "DATABASE_URL": f"sqlite:///{folder / 'hearth.db'}",
            "HEARTH_KEYS": key_file.read_text(),
            "HEARTH_HEALTH": "off",
        },
    )
    return Hearth(loaded, clock=box.clock)


def _free_sandbox(first: int, database: Path) -> Sandbox:
    """Return the sandbox on the first free port from `first` on."""
    from sandbox import Sandbox

    for port in range(first, first + PORTS_TRIED):
        box = Sandbox(
            manifest=_manifest(),
            port=port,
            panels={"What is stored": lambda: stored(database)},
        )
        try:
            box.start()
        except OSError:
            continue
        return box
    raise CannotStart(f"No port is free from {first} to {first + PORTS_TRIED - 1}.")


def stored(database: Path) -> dict[str, Any]:
    """Return the check-ins as they lie in the file: the note as bytes, not as words."""
    query = (
        "SELECT person_id, day, mood, stress, energy, capacity, hex(note) FROM checkins"
        " ORDER BY changed_at DESC LIMIT 50"
    )
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            rows = [list(row) for row in connection.execute(query)]
    except sqlite3.Error:
        rows = []
    return {
        "columns": ["person", "day", "mood", "stress", "energy", "capacity", "note (encrypted)"],
        "rows": rows,
        "note": "These rows are read from the database file. Nobody in Slack sees this.",
    }


def _say_settings(error: SettingsError) -> int:
    lines = "\n".join(f"  - {problem}" for problem in error.problems)
    print(
        f"Hearth cannot start yet. Please set these in the environment or in .env:\n{lines}\n"
        ".env.example names every setting with a line of explanation; README.md walks you through.",
        file=sys.stderr,
    )
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hearth", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    running = commands.add_parser("run", help="connect to Slack and stay until told to stop")
    running.set_defaults(run=run)

    making = commands.add_parser("key", help="print a new encryption key for .env")
    making.set_defaults(run=key)

    about_keys = commands.add_parser("keys", help="list, rotate and retire encryption keys")
    _add_keys(about_keys.add_subparsers(required=True, metavar="what"))

    about_cohorts = commands.add_parser("cohort", help="the cohorts with whom people can share")
    _add_cohorts(about_cohorts.add_subparsers(required=True, metavar="what"))

    about_concerns = commands.add_parser("concerns", help="measure the detector of concerns")
    _add_concerns(about_concerns.add_subparsers(required=True, metavar="what"))

    examining = commands.add_parser("doctor", help="look at everything that Hearth needs")
    examining.add_argument("--json", action="store_true", help="the same for a script")
    examining.set_defaults(run=doctor)

    _add_copies(commands)

    trying = commands.add_parser("demo", help="start a Slack workspace on this machine")
    trying.add_argument("--port", type=int, default=FIRST_PORT, help="first port to try")
    trying.add_argument("--data", help="folder to keep database and key in; else they are deleted")
    trying.set_defaults(run=demo)
    return parser


def _add_copies(commands: Commands) -> None:
    backing = commands.add_parser("backup", help="write everything into one file")
    backing.add_argument("file", type=Path, nargs="?", help="a new file, or a folder for it")
    backing.set_defaults(run=back_up)

    restoring = commands.add_parser("restore", help="put what a backup holds into the database")
    restoring.add_argument("file", type=Path, help="what `hearth backup` wrote")
    restoring.add_argument("--replace", action="store_true", help="also where something is already")
    restoring.set_defaults(run=restore)

    migrating = commands.add_parser("migrate", help="bring the database up to date")
    migrating.set_defaults(run=migrate)


def _add_keys(commands: Commands) -> None:
    listing = commands.add_parser("list", help="which keys there are, and what each holds")
    listing.set_defaults(run=keys_list)
    rotating = commands.add_parser("rotate", help="write every note anew with the first key")
    rotating.set_defaults(run=keys_rotate)
    retiring = commands.add_parser(
        "retire",
        help="no longer ask for a key with which nothing is written",
        description="Do this only when no process runs with this key as its first.",
    )
    retiring.add_argument("id", help="the key's id, as `hearth keys list` shows it")
    retiring.set_defaults(run=keys_retire)


def _add_cohorts(commands: Commands) -> None:
    adding = commands.add_parser("add", help="keep a cohort and its members")
    adding.add_argument("channel", help="the id of its Slack channel, such as C0123456789")
    adding.add_argument("name", help="what people call it")
    adding.add_argument("--member", action="append", default=[], help="a Slack user id; repeat it")
    adding.set_defaults(run=cohort_add)

    listing = commands.add_parser("list", help="print the cohorts")
    listing.set_defaults(run=cohort_list)


def _add_concerns(commands: Commands) -> None:
    evaluating = commands.add_parser(
        "evaluate",
        help="how many texts of a file get which urgency, by their labels if they have any",
        description=_EVALUATE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    evaluating.add_argument("file", metavar="FILE", help="the texts; - for standard input")
    shows = "prints what people wrote: the first N texts at U2 and above"
    evaluating.add_argument("--show", type=int, default=0, metavar="N", help=shows)
    evaluating.set_defaults(run=evaluate)


_EVALUATE = """\
Reads texts and prints how many of them the detector of concerns would have heard.
It needs no settings, no database and no Slack, keeps nothing, and prints no text.

FILE is UTF-8, in one of these forms, told by its first line:
  a text a line
  urgency, anything else and text, with tabs in between ("# " begins a comment)
  a table with commas, semicolons or tabs whose header names a column "text"
  JSON, an object a line, with "text"
In a table and in JSON the label stands in "urgency" or "label": 0 to 3, or U0 to U3, how
urgent its reader holds a text to be; and "category" may say about what it is. What all
of it means is told in docs/safeguarding.md."""


if __name__ == "__main__":
    sys.exit(main())
