"""What a client sends over a WebSocket: one text in one frame (RFC 6455, sections 5.2 and 5.3).

The SDK's own way masks each byte in Python, which costs more than the whole check-in whose
receipt it sends, and knows no text of more than 65,535 bytes.
"""

from __future__ import annotations

import struct

_FINAL_TEXT = 0x81
_MASKED = 0x80
_SHORT, _MEDIUM = 125, 0xFFFF


def text_frame(text: str, mask: bytes) -> bytes:
    """Return the frame of a text, masked with four random bytes."""
    payload = text.encode()
    size = len(payload)
    if size <= _SHORT:
        head = struct.pack("!BB", _FINAL_TEXT, _MASKED | size)
    elif size <= _MEDIUM:
        head = struct.pack("!BBH", _FINAL_TEXT, _MASKED | 126, size)
    else:
        head = struct.pack("!BBQ", _FINAL_TEXT, _MASKED | 127, size)
    repeated = (mask * (size // 4 + 1))[:size]
    masked = int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")
    return head + mask + masked.to_bytes(size, "big")
