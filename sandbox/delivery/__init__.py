"""How payloads reach the app: over Socket Mode or HTTP, and again where they failed."""
