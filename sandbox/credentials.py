"""The tokens and secrets of the installed app.

Constants, and plainly not credentials: they open nothing but this program on loopback.
"""

APP_ID = "A0SBXHEARTH"
BOT_TOKEN = "xoxb-sandbox-not-a-secret"  # noqa: S105
APP_TOKEN = "xapp-sandbox-not-a-secret"  # noqa: S105
VERIFICATION_TOKEN = "sandbox-not-a-secret"  # noqa: S105
USER_TOKEN = "xoxp-sandbox-not-a-secret"  # noqa: S105
CLIENT_ID = "1000000000.2000000000"
CLIENT_SECRET = "fedcba9876543210fedcba9876543210"  # noqa: S105
SIGNING_SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105
