"""What is known by its first bytes to hold no text: pictures, sound, films, fonts, programs."""

from __future__ import annotations

from typing import Final

NOT_TEXT: Final = "not text, skipped"
#: First bytes and what they tell; a picture may show a text, but none is stored in it.
_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF87a", "an image"),
    (b"GIF89a", "an image"),
    (b"II*\0", "an image"),
    (b"MM\0*", "an image"),
    (b"\0\0\1\0", "an icon"),
    (b"ID3", "sound"),
    (b"fLaC", "sound"),
    (b"OggS", "sound or a film"),
    (b"\x1aE\xdf\xa3", "a film"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"\0\1\0\0\0", "a font"),
    (b"OTTO\0", "a font"),
    (b"\x7fELF", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\0asm", "a program"),
)
#: Kinds within the containers RIFF and ISO media, at bytes 8 and 4.
_RIFF: Final = {b"WEBP": "an image", b"WAVE": "sound", b"AVI ": "a film"}


def silent(head: bytes) -> str:
    """What the bytes begin, if that holds no text; empty for all else, what is unknown too."""
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            return what
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], "")
    return "an image or a film" if head[4:8] == b"ftyp" and head[:3] == b"\0\0\0" else ""


def is_silent(head: bytes) -> bool:
    return bool(silent(head))
