"""Which tests run one after the other in the same process, when several processes run them.

pytest-xdist has a marker for this, which has no effect with pytest 9.2: every test went wherever
there was room.
"""

from __future__ import annotations

from xdist.scheduler import LoadGroupScheduling

TOGETHER = {
    "tests/e2e/": "to start a browser takes longer than a test",
    "tests/integration/test_kill_matrix.py": "what all of them saw is held against the handbook",
    "tests/integration/test_packaging.py": "they share the wheel that one of them builds",
}
"""Where they are, and why."""


class InOneProcess(LoadGroupScheduling):  # type: ignore[misc]  # it ships no types
    """Gives each of these groups to one process; any other test goes where there is room."""

    def _split_scope(self, nodeid: str) -> str:
        return next((each for each in TOGETHER if nodeid.startswith(each)), nodeid)
