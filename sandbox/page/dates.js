const formatters = new Map();

function formatter(locale, options) {
  const key = locale + JSON.stringify(options);
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(locale, options));
  return formatters.get(key);
}

/** The locale for dates: the person's own when it is English, else British (the page is in English). */
export function localeOf(person) {
  return person?.locale?.startsWith("en") ? person.locale : "en-GB";
}

function format(date, person, options) {
  const locale = localeOf(person);
  const padded = options.hour && !formatter(locale, { hour: "numeric" }).resolvedOptions().hour12;
  const hour = padded ? { hour: "2-digit" } : {};
  return formatter(locale, { timeZone: person?.tz || "UTC", ...options, ...hour }).format(date);
}

/** The instant of a Slack timestamp. */
export const instant = (ts) => new Date(Number.parseFloat(ts) * 1000);

/** "09:04" or "9:04 AM", where the person is. */
export const clockTime = (date, person) => format(date, person, { hour: "numeric", minute: "2-digit" });

/** "09:04:31" or "9:04:31 AM", where the person is. */
export const secondTime = (date, person) =>
  format(date, person, { hour: "numeric", minute: "2-digit", second: "2-digit" });

/** "Sunday 22 November 2026 at 09:04", where the person is. */
export const wholeTime = (date, person) =>
  format(date, person, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
  });

/** "Sun 22 Nov, 09:04", where the person is. */
export const shortTime = (date, person) =>
  format(date, person, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
  });

/** "Sun 09:04", for narrow places. */
export const tinyTime = (date, person) =>
  format(date, person, { weekday: "short", hour: "numeric", minute: "2-digit" });

/** "2026-11-22": the calendar day of an instant where the person is. */
export function dayKey(date, person) {
  const { year, month, day } = parts(date, person?.tz || "UTC");
  return [String(year), pad(month), pad(day)].join("-");
}

/** "Today", "Yesterday" or the weekday and date. */
export function dayName(date, now, person) {
  const key = dayKey(date, person);
  if (key === dayKey(now, person)) return "Today";
  if (key === dayKey(new Date(now.getTime() - 86400000), person)) return "Yesterday";
  const year = key.slice(0, 4) === dayKey(now, person).slice(0, 4) ? undefined : "numeric";
  return format(date, person, { weekday: "long", day: "numeric", month: "long", year });
}

const pad = (number) => String(number).padStart(2, "0");

function parts(date, timeZone) {
  const options = {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  };
  const pairs = formatter("en-US", options)
    .formatToParts(date)
    .map((part) => [part.type, Number(part.value)]);
  return Object.fromEntries(pairs);
}

function offsetAt(time, timeZone) {
  const p = parts(new Date(time), timeZone);
  return Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second) - Math.floor(time / 1000) * 1000;
}

/** The instant of a wall-clock "2026-12-01T09:00" in a time zone; null when it is not a time. */
export function instantOfWall(wall, timeZone) {
  const asUtc = Date.parse(`${wall.length === 16 ? `${wall}:00` : wall}Z`);
  if (Number.isNaN(asUtc)) return null;
  const guess = asUtc - offsetAt(asUtc, timeZone);
  return new Date(asUtc - offsetAt(guess, timeZone));
}

/** "2026-12-01T09:00": the wall-clock time of an instant in a time zone. */
export function wallOfInstant(date, timeZone) {
  const p = parts(date, timeZone);
  return `${p.year}-${pad(p.month)}-${pad(p.day)}T${pad(p.hour)}:${pad(p.minute)}`;
}

const DATE_TOKENS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date_slash: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_pretty: { year: "numeric", month: "long", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  date_long_pretty: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_short_pretty: { year: "numeric", month: "short", day: "numeric" },
  day_divider_pretty: { weekday: "long", month: "long", day: "numeric" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

/** Fills Slack's date tokens ("{date_short} at {time}"); a token it does not know gives null. */
export function fillDate(seconds, pattern, person, now) {
  const date = new Date(seconds * 1000);
  let known = true;
  const filled = pattern.replace(/\{(\w+)\}/g, (_, token) => {
    const options = DATE_TOKENS[token];
    if (!options) known = false;
    if (token.endsWith("_pretty") && Math.abs(now - date) < 2 * 86400000) {
      const name = dayName(date, now, person);
      if (name === "Today" || name === "Yesterday") return name.toLowerCase();
    }
    return options ? format(date, person, options) : "";
  });
  return known ? filled : null;
}
