"""How somebody's weeks went: as a chart, and as words that say all of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot import content
from bot.domain.checkins import SCALES, Scale
from bot.domain.home import WEEKS, Week, is_trend
from bot.views.blocks import Block, context, header, line_chart, picture, section
from bot.views.dates import short_date

_NONE = "none"


def trend(weeks: Sequence[Week], *, chart: bool) -> list[Block]:
    """Return the section; without `chart`, the numbers stand in a small table instead.

    A chart has no empty point, so a week without a check-in is left out of it, and the next
    point says that it comes after a gap.
    """
    heading = header(f"Your last {WEEKS} weeks")
    if not is_trend(weeks):
        return [heading, section(content.home("no_trend"))]
    shown = _chart(weeks) if chart else picture(_table(weeks))
    return [heading, shown, context("\n".join([_EXPLAINED, *_words(weeks)]))]


_EXPLAINED = (
    "Weekly averages of your own check-ins, only for you. For mood and energy 5 is the good end, "
    "for stress it is the hard end."
)


def _chart(weeks: Sequence[Week]) -> Block:
    given = [week for week in weeks if week.means is not None]
    first = weeks.index(given[0])
    labels = [
        _label(week, after_gap=place > first and weeks[place - 1].means is None)
        for place, week in enumerate(weeks)
        if week.means is not None
    ]
    series = {
        content.scale_name(scale): [_mean(week, scale) or 0.0 for week in given] for scale in SCALES
    }
    return line_chart("Weekly averages", labels, series, x="Week from", y="1 to 5")


def _label(week: Week, *, after_gap: bool) -> str:
    return f"{short_date(week.first)}, after gap" if after_gap else short_date(week.first)


def _table(weeks: Sequence[Week]) -> str:
    rows = [["Week from", *(content.scale_name(scale) for scale in SCALES)]]
    rows += [
        [short_date(week.first), *(_shown(_mean(week, scale)) for scale in SCALES)]
        for week in weeks
    ]
    width = 1 + max(len(cell) for row in rows for cell in row)
    return "\n".join("".join(f"{cell:{width}}" for cell in row).rstrip() for row in rows)


def _words(weeks: Sequence[Week]) -> list[str]:
    """Return one line for each scale, every week in it."""
    first, last = short_date(weeks[0].first), short_date(weeks[-1].first)
    gaps = sum(week.means is None for week in weeks)
    without = f' "{_NONE}" is a week without a check-in.' if gaps else ""
    return [
        f"Week by week, from that of {first} to that of {last}.{without}",
        *(
            f"{content.scale_name(scale)}: "
            + ", ".join(_shown(_mean(week, scale)) for week in weeks)
            + "."
            for scale in SCALES
        ),
    ]


def _mean(week: Week, scale: Scale) -> float | None:
    return None if week.means is None else round(week.means[scale], 1)


def _shown(mean: float | None) -> str:
    return _NONE if mean is None else f"{mean:g}"
