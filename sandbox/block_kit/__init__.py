"""Block Kit and views: what they are, and what Slack refuses in them."""
