"""Templates of log messages: what stays in them, and the slots whose values vary.

They are learned by Drain from the beginning of a log, once; after that lines are only matched, so that
neither batches nor shards make a difference. A template holds words alone: whatever may be a value is
`<*>` in it. Values that show by themselves what they are leave the message for their slot; all else
(names, addresses, short numbers) stays in it, where its context is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import Final

from pii_scan.core.redact import SLOT

Path = tuple[str, ...]
Tokens = tuple[str, ...]
ANY: Final = SLOT
#: The slots of all formats that hold what a program says in its own words.
MESSAGES: Final = frozenset(((("message",)), ("msg",), ("line",), ("detail",)))
_MOST: Final = 100  # templates of one log
_MOST_SLOTS: Final = 200
_LEARNED: Final = 5_000  # messages
_SUPPORT: Final = 5  # lines of the sample that a template must stand for
_LONGEST: Final = 1_000  # characters of a message that is looked at
_TEXT_MAX: Final = 160
_MEMO: Final = 20_000

#: Values that are told by their own form. None is taken out of `key=value` or printed records.
_BARE: Final = (
    r"[a-z][a-z0-9+.-]{1,10}://[^\s\"'<>]{1,1000}(?<![.,;:)\]])"
    r"|[^\s\"'<>()\[\]{},;:=|/@]{1,64}@[^\s\"'<>()\[\]{},;:=|/@]{1,190}(?<![.!?])"
    r"|\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"
    r"|[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}(?![\w:])"
    r"|(?=[0-9A-Fa-f:]*\d)[0-9A-Fa-f]{1,4}:(?:[0-9A-Fa-f]{0,4}:){2,6}[0-9A-Fa-f]{0,4}(?![\w:])"
)
#: Values that are told by their form and their check digits, or by words before them, which go with them.
#: Other numbers stay in the message: words around them and signs between them say what they are.
_TOLD: Final = (
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?!\w)"
    r"|[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)"
    r"|\+[1-9](?:[ .()/-]{0,2}\d){7,14}(?![ .()/-]{0,2}\w)"
    r"|[3-6]\d{3}([ -]?)\d{4}\3\d{4}\3\d{1,7}(?!\3\w|\w)"
)
_VALUE: Final = re.compile(rf"(?<![\w=&?/@.+%-])(?=[^\s@:0-9]*[@:0-9])(?:({_BARE})|({_TOLD}))")
#: Numbers that differ make no other form.
_ZEROS: Final = str.maketrans("123456789", "000000000")
_PRINTED: Final = re.compile(r"[={}\0]|map\[")
_WORD: Final = re.compile(r"[\"'(\[<#*-]*[^\W\d_](?:[^\W\d]|['’./-]){0,30}[\"')\]>:;,.!?*-]*")
_MARK: Final = re.compile(r"[:;,.!?|>/*-]{1,3}")
_TITLE: Final = re.compile(r"\W*[A-Z][a-z'-]+\W*")
_EDGES: Final = "\"'()[]<>:;,.!?#*-"
#: Words after which a person's or an account's name may stand.
_TELLS: Final = frozenset((
    "user", "username", "login", "account", "customer", "member", "owner", "author", "admin", "client",
    "contact", "employee", "name", "named", "mr", "mrs", "ms", "dr", "dear", "hello", "hi", "for", "by",
    "from", "to", "as", "of", "with", "and", "welcome",
))  # fmt: skip
_COMMON: Final = frozenset((
    "the", "a", "an", "this", "that", "all", "any", "new", "invalid", "unknown", "user", "username",
    "login", "account", "customer", "member", "client", "password", "port", "host", "request",
    "session", "file", "id", "email", "address", "order", "invoice", "payment", "token", "key", "ssh2",
    "is", "was", "has", "not", "no",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Split:
    """A message without the values of its slots; each value with its slot's path."""

    text: str = field(repr=False)
    values: tuple[tuple[Path, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Form:
    """What all messages with the same words around their values have in common.

    `slots` gives each value's path, `before` the words that tell what it is.
    """

    slots: tuple[Path, ...]
    before: tuple[str, ...]


class Templates:
    """The known templates of a log's messages, by the slot that holds these."""

    def __init__(self, known: Mapping[Path, Sequence[Tokens]]) -> None:
        self._index: dict[tuple[Path, int], list[Tokens]] = defaultdict(list)
        for path, templates in known.items():
            for tokens in templates:
                self._index[path, len(tokens)].append(tokens)
        self._memo: dict[tuple[Path, str], _Form | None] = {}

    @property
    def digest(self) -> str:
        """The same for templates by which every message is taken apart in the same way."""
        return blake2b(repr(sorted(self._index.items())).encode(), digest_size=16).hexdigest()

    def __len__(self) -> int:
        return sum(map(len, self._index.values()))

    def split(self, path: Path, message: str) -> Split | None:
        """The message and its slots' values; None if it has none or is of no known template."""
        if not self._index or len(message) > _LONGEST:
            return None
        first, end, rest = message.partition("\n")
        parts = _VALUE.split(first)
        if len(parts) == 1:
            return None
        literals = parts[::4]
        key = (path, "\0".join(literals).translate(_ZEROS))
        if key not in self._memo:
            if len(self._memo) >= _MEMO:
                self._memo.clear()
            self._memo[key] = self._form(path, literals)
        form = self._memo[key]
        if form is None:
            return None
        values = tuple(
            (slot, bare if bare is not None else before + told)
            for slot, before, bare, told in zip(
                form.slots, form.before, parts[1::4], parts[2::4], strict=True
            )
        )
        return Split(ANY.join(literals) + end + rest, values)

    def _form(self, path: Path, literals: Sequence[str]) -> _Form | None:
        if any(_PRINTED.search(literal) for literal in literals):
            return None
        raw = "\0".join(literals).split()
        tokens = tuple(map(_masked, raw))
        template = next((t for t in self._index.get((path, len(tokens)), ()) if _is_of(tokens, t)), None)
        if template is None:
            return None
        text, numbers = shown(template), _numbers(template)
        slots, before = [], []
        for place, token in enumerate(raw):
            for _ in range(token.count("\0")):
                slots.append((*path, text, f"slot {numbers[place]}"))
                before.append(_words_before(template, place))
        return _Form(tuple(slots), tuple(before))


def _masked(token: str) -> str:
    """The token if it is a word, else `<*>`."""
    return token if _WORD.fullmatch(token) or _MARK.fullmatch(token) else ANY


def _is_of(tokens: Tokens, template: Tokens) -> bool:
    return all(want in (ANY, token) for token, want in zip(tokens, template, strict=True))


def _words_before(template: Tokens, place: int) -> str:
    """Up to four words of the template that stand right before a value."""
    start = place
    while start and place - start < 4 and template[start - 1] != ANY:
        start -= 1
    return "".join(f"{word} " for word in template[start:place])


def _numbers(template: Tokens) -> list[int]:
    """For each token the number of its slot: `<*>` side by side are one."""
    numbers, count = [], 0
    for place, token in enumerate(template):
        count += token == ANY and (place == 0 or template[place - 1] != ANY)
        numbers.append(count)
    return numbers


def shown(template: Tokens) -> str:
    """The template as a part of a field path."""
    words = [t for i, t in enumerate(template) if t != ANY or i == 0 or template[i - 1] != ANY]
    return " ".join(words)


def learn(messages: Iterable[tuple[Path, str]]) -> Templates:
    """The templates of messages, given with the slot that they stand in; bounded in number."""
    by_path: dict[Path, list[tuple[Tokens, bool]]] = defaultdict(list)
    for path, message in islice(messages, _LEARNED):
        first = message.partition("\n")[0]
        if path not in MESSAGES or len(first) > _LONGEST:
            continue
        literals = _VALUE.split(first)[::4]
        if any(_PRINTED.search(literal) for literal in literals):
            continue
        by_path[path].append((tuple(map(_masked, "\0".join(literals).split())), len(literals) > 1))
    found = {path: all_ for path, all_ in by_path.items() if any(valued for _, valued in all_)}
    return Templates({path: _templates(all_) for path, all_ in found.items()})


def _templates(messages: Sequence[tuple[Tokens, bool]]) -> list[Tokens]:
    """The templates that have a word and, in enough messages, a value; those of the most messages."""
    from drain3.drain import Drain

    drain = Drain(max_clusters=4 * _MOST, param_str=ANY)
    values: Counter[int] = Counter()
    for tokens, valued in messages:
        if tokens:
            values[drain.add_log_message(" ".join(tokens))[0].cluster_id] += valued
    words = Counter(token for tokens, _ in messages for token in set(tokens))
    support: Counter[Tokens] = Counter()
    for cluster in drain.clusters:
        support[_safe(tuple(cluster.log_template_tokens), words)] += values[cluster.cluster_id]
    kept: list[Tokens] = []
    slots = 0
    for template, size in sorted(support.items(), key=lambda item: (-item[1], item[0])):
        own = max(_numbers(template), default=0)
        if size < _SUPPORT or not own or len(kept) >= _MOST or slots + own > _MOST_SLOTS:
            continue
        if any(token != ANY for token in template) and len(shown(template)) <= _TEXT_MAX:
            kept.append(template)
            slots += own
    # What says more comes first: a message goes to the template with the most words that it has.
    return sorted(kept, key=lambda template: (template.count(ANY), template))


def _safe(template: Tokens, words: Mapping[str, int]) -> Tokens:
    """The template without words that may be values: rare ones, names of persons and accounts."""
    return tuple(
        token if token == ANY or _is_word(template, place, words) else ANY
        for place, token in enumerate(template)
    )


def _is_word(template: Tokens, place: int, words: Mapping[str, int]) -> bool:
    token = template[place]
    if _MARK.fullmatch(token):
        return True
    if words.get(token, 0) < _SUPPORT or not _WORD.fullmatch(token):
        return False
    bare = token.strip(_EDGES)
    before = template[place - 1].strip(_EDGES).lower() if place else ""
    if before in _TELLS and bare.lower() not in _COMMON | _TELLS:
        return False
    if place and _TITLE.fullmatch(token):
        return words.get(token.lower(), 0) >= _SUPPORT or bare.lower() in _COMMON
    return True
