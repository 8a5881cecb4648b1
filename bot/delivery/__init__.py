"""What Hearth asks of Slack outside a listener."""
