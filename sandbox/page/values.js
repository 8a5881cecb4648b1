/** Element types that hold a value (buttons and overflow menus do not). */
export const HOLDS_VALUE = new Set([
  "plain_text_input",
  "email_text_input",
  "url_text_input",
  "number_input",
  "datepicker",
  "timepicker",
  "datetimepicker",
  "static_select",
  "external_select",
  "users_select",
  "conversations_select",
  "channels_select",
  "radio_buttons",
  "checkboxes",
  "multi_static_select",
  "multi_users_select",
  "multi_conversations_select",
  "multi_channels_select",
]);

const pick = (option) => option?.value ?? null;
const picks = (options) => (options ?? []).map((option) => option.value);

/** The simple value inside one of Slack's state objects; undefined when there is none. */
export function valueOfState(state) {
  if (!state) return undefined;
  if ("value" in state) return state.value;
  if ("selected_option" in state) return pick(state.selected_option);
  if ("selected_options" in state) return picks(state.selected_options);
  for (const [key, value] of Object.entries(state)) {
    if (key.startsWith("selected_")) return value;
  }
  return undefined;
}

/** The simple value an element starts with. */
export function initialValue(element) {
  if (element.type.startsWith("multi_") || element.type === "checkboxes") {
    const ids = element.initial_users ?? element.initial_conversations ?? element.initial_channels;
    return ids ?? picks(element.initial_options);
  }
  for (const key of [
    "initial_value",
    "initial_date",
    "initial_time",
    "initial_date_time",
    "initial_user",
    "initial_conversation",
    "initial_channel",
  ]) {
    if (element[key] !== undefined && element[key] !== null) return element[key];
  }
  return pick(element.initial_option);
}

/** What goes to the server: empty text and empty choices are null. */
export function sent(value) {
  return value === "" || value === undefined ? null : value;
}
