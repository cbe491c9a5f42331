"""A policy's file as plain text: text, Markdown, HTML or PDF."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from ...core.errors import ConfigError, classify
from . import pdf

#: Bytes; the longest policies that we know are under one megabyte.
_LARGEST = 20_000_000
_SKIPPED = frozenset({"script", "style", "head", "nav", "template", "noscript", "svg", "button", "form"})
#: Parts of a page that are not its text, by role and by words in `class` and `id`.
_APART = frozenset({"navigation", "dialog", "alertdialog", "search", "menu", "menubar"})
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:cookie-?(?:banner|bar|consent|notice|popup|law)|consent-?(?:banner|manager|popup)|tarteaucitron"
    r"|onetrust|didomi|axeptio|cookiebot|breadcrumbs?|navbar|nav-?menu|skip-?link|site-?(?:header|footer)|social-?links?)",
    re.IGNORECASE,
)
_VOID = frozenset(
    {"br", "hr", "img", "input", "link", "meta", "wbr", "source", "col", "area", "base", "embed"}
)
#: A `main` or `article` is the page's text if it holds at least this share of the words.
_MOST = 0.5
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
    try:
        return pdf.text(content)
    except Exception as error:  # noqa: BLE001 - pypdf raises whatever a damaged page makes it stumble over
        raise ConfigError(f"the PDF can't be read ({classify(error)})", where=str(path)) from None


def _html(text: str) -> str:
    parser = _Html()
    parser.feed(text)
    parser.close()
    whole, main = "".join(parser.parts), "".join(parser.main)
    return main if len(main.split()) >= _MOST * len(whole.split()) else whole


class _Html(HTMLParser):
    """Collects text, and marks where blocks, headings, items and cells begin; no menus or banners."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.main: list[str] = []
        self.skipped: list[str] = []
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.skipped or self._skips(tag, attrs):
            if tag not in _VOID:
                self.skipped.append(tag)
        elif tag in ("main", "article"):
            self.within.append(tag)
            self._put("\n\n")
        elif tag in _HEADINGS:
            self._put(f"\n\n{'#' * int(tag[1])} ")
        elif tag == "li":
            self._put("\n- ")
        elif tag in ("td", "th"):
            self._put(" | ")
        elif tag in _BLOCKS:
            self._put("\n" if tag == "br" else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.skipped:
            last = len(self.skipped) - 1 - self.skipped[::-1].index(tag)
            del self.skipped[last:]
        elif self.skipped:
            return
        elif tag in ("main", "article") and self.within:
            self.within.pop()
            self._put("\n\n")
        elif tag in _HEADINGS or tag in _BLOCKS:
            self._put("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self._put(re.sub(r"\s+", " ", data))

    def _skips(self, tag: str, attrs: list[tuple[str, str | None]]) -> bool:
        if tag in ("html", "body", "main"):
            return False
        return tag in _SKIPPED or (tag == "footer" and not self.within) or _apart(dict(attrs))

    def _put(self, words: str) -> None:
        self.parts.append(words)
        if self.within:
            self.main.append(words)


def _apart(attrs: dict[str, str | None]) -> bool:
    if attrs.get("role") in _APART or attrs.get("aria-hidden") == "true" or "hidden" in attrs:
        return True
    return any(_BESIDE.search(attrs.get(name) or "") for name in ("class", "id"))
