import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.frames import text_frame


def read(frame: bytes) -> str:
    """Read a frame byte by byte, as the standard tells it."""
    first, second = frame[0], frame[1]
    assert first == 0b1000_0001  # the last frame of a message, and a text
    assert second & 0b1000_0000  # masked, as everything that a client sends
    size, at = second & 0b0111_1111, 2
    if size == 126:
        (size,), at = struct.unpack("!H", frame[2:4]), 4
        assert size > 125
    elif size == 127:
        (size,), at = struct.unpack("!Q", frame[2:10]), 10
        assert size > 0xFFFF
    mask, masked = frame[at : at + 4], frame[at + 4 :]
    assert len(masked) == size
    return bytes(byte ^ mask[place % 4] for place, byte in enumerate(masked)).decode()


@pytest.mark.parametrize("size", [0, 1, 3, 4, 125, 126, 127, 0xFFFF, 0x10000, 200_001])
def test_a_text_of_any_size_arrives_as_it_was(size: int) -> None:
    text = "hearth"[:5] * size
    assert read(text_frame(text[:size], b"\x00\xff\x5a\x01")) == text[:size]


@given(st.text(max_size=400), st.binary(min_size=4, max_size=4))
def test_whatever_is_said_and_however_it_is_masked(text: str, mask: bytes) -> None:
    assert read(text_frame(text, mask)) == text
