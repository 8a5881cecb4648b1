"""The Web API methods, one module per family; importing this package registers them."""

from sandbox.methods import (
    apps,
    auth,
    chat,
    conversations,
    direct_messages,
    files,
    oauth,
    pins,
    reactions,
    users,
    views,
)

__all__ = [
    "apps",
    "auth",
    "chat",
    "conversations",
    "direct_messages",
    "files",
    "oauth",
    "pins",
    "reactions",
    "users",
    "views",
]
