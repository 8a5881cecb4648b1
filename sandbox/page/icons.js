const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  people: [
    "M7.5 9.5a2.7 2.7 0 1 0-.01 0z",
    "M2.5 16c.5-3 2.5-4.5 5-4.5s4.5 1.5 5 4.5",
    "M13 9.3a2.3 2.3 0 1 0-1-4.4M14.2 11.7c1.8.4 3 1.8 3.3 4.3",
  ],
  hash: ["M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h13.5M3 12.5h13.5"],
  lock: ["M5 9.5h10v7H5z", "M7 9.5V6.5a3 3 0 0 1 6 0v3"],
  bolt: ["M11 2.5 4.5 11.5H9.5L9 17.5l6.5-9H10.5z"],
  send: ["M3 4l14 6-14 6 2.5-6z", "M5.5 10H10"],
  smile: ["M10 2.8a7.2 7.2 0 1 0 .01 0z", "M7 12c1.5 2 4.5 2 6 0", "M7.5 8v.4M12.5 8v.4"],
  close: ["M5 5l10 10M15 5 5 15"],
  menu: ["M3 5.5h14M3 10h14M3 14.5h14"],
  clock: ["M10 2.8a7.2 7.2 0 1 0 .01 0z", "M10 6v4.3l3 1.7"],
  moon: ["M16 12.2A6.8 6.8 0 1 1 8 3.6a5.6 5.6 0 0 0 8 8.6z"],
  sun: [
    "M10 6.5a3.5 3.5 0 1 0 .01 0z",
    "M10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1",
  ],
  back: ["M12 4.5 6.5 10l5.5 5.5"],
  forward: ["M8 4.5 13.5 10 8 15.5"],
  down: ["M5 7.5l5 5 5-5"],
  plus: ["M10 4v12M4 10h12"],
  eye: ["M2.5 10c3.5-6 11.5-6 15 0-3.5 6-11.5 6-15 0z", "M10 8a2 2 0 1 0 .01 0z"],
  timeline: ["M3 6h9M3 10h6M3 14h11", "M15 4.5v.01M12.5 10h.01M17 14h.01"],
  cloud: ["M6 15.5h8.5a3 3 0 0 0 .3-6 4.7 4.7 0 0 0-9-1.2A3.7 3.7 0 0 0 6 15.5z"],
  up: ["M10 16V4.5", "M5.5 9 10 4.5 14.5 9"],
  below: ["M10 4v11.5", "M5.5 11 10 15.5 14.5 11"],
  table: ["M3 4.5h14v11H3z", "M3 8.5h14M8 4.5v11"],
  reply: ["M8 5 3.5 9.5 8 14", "M3.5 9.5H12c3 0 4.5 2 4.5 5.5"],
  dots: ["M4.5 10h.01M10 10h.01M15.5 10h.01"],
  warning: ["M10 3 2.5 16.5h15z", "M10 8v4M10 14.3v.2"],
  file: ["M5 2.5h6.5L15.5 6.5v11H5z", "M11.5 2.5v4h4"],
  pin: ["M7.5 3h5l-.8 5 3 3H5.3l3-3z", "M10 11v6"],
  info: ["M10 2.8a7.2 7.2 0 1 0 .01 0z", "M10 9v4.5M10 6.3v.2"],
  turning: ["M16.5 10a6.5 6.5 0 1 1-2-4.7", "M16.5 3v3.5H13"],
  play: ["M7 4.5v11l9-5.5z"],
  spark: ["M10 2.5l1.8 5.7 5.7 1.8-5.7 1.8L10 17.5l-1.8-5.7L2.5 10l5.7-1.8z"],
  trash: ["M4 5.5h12M8 5.5V3.5h4v2", "M5.5 5.5l.8 11h7.4l.8-11"],
  pencil: ["M4 16l.8-3.5L13.5 3.8l2.7 2.7L7.5 15.2z"],
  thumb: [
    "M3 9h3v7H3z",
    "M6 9l3.5-6c1.5 0 2 1 1.8 2.3L11 8h4.5c1 0 1.6.9 1.4 1.8l-1.2 5c-.2.7-.8 1.2-1.5 1.2H6",
  ],
  thumb_down: [
    "M3 4h3v7H3z",
    "M6 11l3.5 6c1.5 0 2-1 1.8-2.3L11 12h4.5c1 0 1.6-.9 1.4-1.8l-1.2-5c-.2-.7-.8-1.2-1.5-1.2H6",
  ],
  check: ["M4 10.5 8.5 15 16 5.5"],
};

/** Returns a small line drawing, hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  for (const d of PATHS[name] ?? []) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}
