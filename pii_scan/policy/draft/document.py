"""A policy's file as plain text: text, Markdown, HTML or PDF."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

from ...core.errors import ConfigError, classify

#: Bytes; the longest policies that we know are under one megabyte.
_LARGEST = 20_000_000
_SKIPPED = frozenset({"script", "style", "head", "nav", "template", "noscript", "svg", "button", "form"})
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "header", "footer", "main", "ul", "ol", "table", "tr", "br"}
    | {"dl", "dt", "dd", "blockquote", "address", "aside", "details", "summary"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MARKDOWN = (
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"!?\[([^\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^\n*_]+?)(?<=\S)\1(?![\w*])"), r"\2"),
    (re.compile(r"`([^`\n]*)`"), r"\1"),
)
_PAGE_NUMBER = re.compile(r"\s*(?:page\s*)?\d{1,4}(?:\s*(?:/|of|sur|de)\s*\d{1,4})?\s*", re.IGNORECASE)


def read(path: Path) -> str:
    """The text of a policy. HTML headings become `# …`, its list items `- …`.

    Raises ConfigError if the file can't be read, is too large, or holds no text.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise ConfigError("the file is too large for a policy (over 20 MB)", where=str(path))
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"the policy text can't be read ({classify(error)})", where=str(path)) from None
    text = _text(content, path)
    if not text.strip():
        hint = "a scanned document needs its text recognised first"
        raise ConfigError("the policy holds no text", hint, str(path))
    return text


def collapsed(text: str) -> str:
    """The text with white space collapsed, which is what spans count in."""
    return " ".join(text.split())


def _text(content: bytes, path: Path) -> str:
    suffix = path.suffix.lower()
    if content.startswith(b"%PDF-"):
        return _pdf(content, path)
    text = _decoded(content, path)
    if suffix in (".html", ".htm", ".xhtml") or re.match(r"\s*(?:<!doctype html|<html)", text, re.IGNORECASE):
        return _html(text)
    return _markdown(text) if suffix in (".md", ".markdown") else text


def _decoded(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = None if b"\x00" in content[:4096] else from_bytes(content).best()
    if best is None:
        hint = "give text, Markdown, HTML or PDF"
        raise ConfigError("the policy text can't be read (unknown encoding)", hint, str(path))
    return str(best)


def _markdown(text: str) -> str:
    for pattern, instead in _MARKDOWN:
        text = pattern.sub(instead, text)
    return text


def _pdf(content: bytes, path: Path) -> str:
    """The lines of all pages, without page numbers."""
    from pypdf import PdfReader

    try:
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    except Exception as error:  # noqa: BLE001 - pypdf raises whatever a damaged page makes it stumble over
        raise ConfigError(f"the PDF can't be read ({classify(error)})", where=str(path)) from None
    lines = (line for page in pages for line in page.splitlines())
    return "\n".join(line for line in lines if not _PAGE_NUMBER.fullmatch(line))


def _html(text: str) -> str:
    parser = _Html()
    parser.feed(text)
    parser.close()
    return "".join(parser.parts)


class _Html(HTMLParser):
    """Collects text, and marks where blocks, headings, items and cells begin."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self.skipped.append(tag)
        elif tag in _HEADINGS:
            self.parts.append("\n\n# ")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in ("td", "th"):
            self.parts.append(" | ")
        elif tag in _BLOCKS:
            self.parts.append("\n" if tag == "br" else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.skipped:
            del self.skipped[self.skipped.index(tag) :]
        elif tag in _HEADINGS or tag in _BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.parts.append(re.sub(r"\s+", " ", data))
