"""What the bot does: rules, use cases, words, and how they reach Slack."""
