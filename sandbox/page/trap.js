const STOPS = "button, input, select, textarea, a[href], [tabindex='0']";

/** Keeps Tab inside a dialog: after the last place comes the first, and the other way round. */
export function trapFocus(dialog) {
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || event.defaultPrevented) return;
    const stops = [...dialog.querySelectorAll(STOPS)].filter(
      (node) => !node.disabled && node.tabIndex >= 0 && node.getClientRects().length,
    );
    const [first, last] = [stops[0], stops.at(-1)];
    const here = document.activeElement;
    const leaving = event.shiftKey ? here === first || !stops.includes(here) : here === last;
    if (!first || !leaving) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  });
}
