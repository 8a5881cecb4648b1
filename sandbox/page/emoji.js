const TABLE = `
heart ❤️|blue_heart 💙|green_heart 💚|yellow_heart 💛|purple_heart 💜|orange_heart 🧡|broken_heart 💔|sparkling_heart 💖
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|clap 👏|raised_hands 🙌|pray 🙏|wave 👋|muscle 💪|handshake 🤝|point_up ☝️|point_right 👉|point_down 👇|point_left 👈|raised_hand ✋|hand ✋|v ✌️|crossed_fingers 🤞|palms_up_together 🤲
smile 😄|smiley 😃|grinning 😀|grin 😁|slightly_smiling_face 🙂|simple_smile 🙂|upside_down_face 🙃|blush 😊|relaxed ☺️|wink 😉|joy 😂|rofl 🤣|sweat_smile 😅|laughing 😆|innocent 😇|hugging_face 🤗|hugs 🤗|thinking_face 🤔|face_with_monocle 🧐|neutral_face 😐|expressionless 😑|no_mouth 😶|relieved 😌|pensive 😔|sleepy 😪|sleeping 😴|tired_face 😫|weary 😩|worried 😟|confused 😕|slightly_frowning_face 🙁|white_frowning_face ☹️|cry 😢|sob 😭|disappointed 😞|anxious 😰|cold_sweat 😰|fearful 😨|frowning 😦|persevere 😣|triumph 😤|angry 😠|rage 😡|exploding_head 🤯|partying_face 🥳|star-struck 🤩|sunglasses 😎|melting_face 🫠|face_holding_back_tears 🥹|yawning_face 🥱|face_with_thermometer 🤒|mask 😷
tada 🎉|sparkles ✨|star ⭐|star2 🌟|fire 🔥|zap ⚡|boom 💥|100 💯|rocket 🚀|trophy 🏆|medal 🏅|gift 🎁|balloon 🎈|confetti_ball 🎊|birthday 🎂|bulb 💡|bell 🔔|no_bell 🔕|mega 📣|loudspeaker 📢|speech_balloon 💬|thought_balloon 💭
eyes 👀|eye 👁️|ear 👂|brain 🧠|lungs 🫁|raising_hand 🙋|shrug 🤷|people_hugging 🫂|busts_in_silhouette 👥|bust_in_silhouette 👤|detective 🕵️
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|warning ⚠️|no_entry ⛔|no_entry_sign 🚫|question ❓|grey_question ❔|exclamation ❗|information_source ℹ️|sos 🆘|lock 🔒|unlock 🔓|key 🔑|shield 🛡️|hourglass ⌛|hourglass_flowing_sand ⏳|clock1 🕐|clock9 🕘|alarm_clock ⏰|stopwatch ⏱️|calendar 📅|date 📅|spiral_calendar_pad 🗓️|memo 📝|pencil ✏️|pencil2 ✏️|clipboard 📋|bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|books 📚|book 📖|bookmark 🔖|link 🔗|paperclip 📎|pushpin 📌|mag 🔍|gear ⚙️|wrench 🔧|hammer_and_wrench 🛠️|package 📦|inbox_tray 📥|outbox_tray 📤|wastebasket 🗑️|telephone_receiver 📞|phone ☎️|iphone 📱|computer 💻|house 🏠|house_with_garden 🏡|office 🏢|hospital 🏥|compass 🧭|ring_buoy 🛟|scales ⚖️|microscope 🔬
seedling 🌱|herb 🌿|four_leaf_clover 🍀|deciduous_tree 🌳|evergreen_tree 🌲|sunflower 🌻|tulip 🌷|rose 🌹|cherry_blossom 🌸|maple_leaf 🍁|fallen_leaf 🍂|sunny ☀️|sun_with_face 🌞|mostly_sunny 🌤️|sun_small_cloud 🌤️|partly_sunny ⛅|barely_sunny 🌥️|cloud ☁️|rain_cloud 🌧️|thunder_cloud_and_rain ⛈️|lightning 🌩️|rainbow 🌈|snowflake ❄️|ocean 🌊|sunrise 🌅|crescent_moon 🌙|full_moon 🌕|new_moon 🌑|earth_africa 🌍|droplet 💧|umbrella ☂️|fog 🌫️
coffee ☕|tea 🍵|cake 🍰|cookie 🍪|apple 🍎|pizza 🍕|beer 🍺|clinking_glasses 🥂|battery 🔋|low_battery 🪫|candle 🕯️|campfire 🔥|walking 🚶|runner 🏃|person_in_lotus_position 🧘|bed 🛏️|couch_and_lamp 🛋️|headphones 🎧|musical_note 🎵|art 🎨|soccer ⚽|dart 🎯|jigsaw 🧩|bike 🚲|camping 🏕️|palm_tree 🌴|cat 🐱|dog 🐶|turtle 🐢|butterfly 🦋|bee 🐝|owl 🦉
one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|zero 0️⃣|keycap_ten 🔟|a 🅰️|b 🅱️
red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵|large_purple_circle 🟣|white_circle ⚪|black_circle ⚫|large_red_square 🟥|large_orange_square 🟧|large_yellow_square 🟨|large_green_square 🟩|large_blue_square 🟦|white_large_square ⬜|black_large_square ⬛|small_blue_diamond 🔹|small_orange_diamond 🔸|heavy_plus_sign ➕|heavy_minus_sign ➖|arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_forward ▶️|arrows_counterclockwise 🔄|repeat 🔁|double_vertical_bar ⏸️|black_square_for_stop ⏹️|back 🔙|new 🆕|free 🆓`;

const NAMES = new Map(
  TABLE.split(/[\n|]/)
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map((entry) => entry.split(" ")),
);

/** The few emoji offered for a reaction. */
export const OFFERED = [
  "heart",
  "+1",
  "raised_hands",
  "tada",
  "eyes",
  "pray",
  "hugging_face",
  "people_hugging",
  "clap",
  "muscle",
  "seedling",
  "sunny",
  "rainbow",
  "coffee",
  "candle",
  "bulb",
  "turtle",
  "handshake",
  "bookmark",
  "arrows_counterclockwise",
  "white_check_mark",
  "joy",
  "cry",
  "wave",
  "raised_hand",
  "battery",
  "low_battery",
  "sos",
];

/** The character for an emoji name, or null when the name is not known here. */
export function emojiCharacter(name) {
  return NAMES.get(name.replace(/::skin-tone-\d$/, "")) ?? null;
}

/** Names in words: "raised_hands" becomes "raised hands". */
export function emojiWords(name) {
  if (name === "+1") return "thumbs up";
  if (name === "-1") return "thumbs down";
  return name.replace(/_/g, " ");
}
