"""What goes wrong between the app and Slack: on order, by lot from a seed, and by rate."""
