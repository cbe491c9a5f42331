"""Reads a policy's text: blocks, sentences and clauses in, statements out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from ...core.declaration import ClaimKind
from .classify import EVERYDAY, TOPICS, Context, Reading, classify, own
from .clauses import clauses, label, sentences, trimmed
from .describe import Surroundings, described
from .lexicon import Lexicon, plain
from .segments import Block, blocks
from .statement import Statement
from .tables import columns, said


def statements(text: str, lexicon: Lexicon) -> list[Statement]:
    """The statements of a policy in the order of the text; spans count in the collapsed text."""
    shadow = plain(text)
    found: list[Statement] = []
    parts = blocks(shadow)
    us = _own_names(shadow)
    around = Surroundings(us)
    context = Context()
    above: Block | None = None
    held: tuple[str, ...] = ()
    for index, block in enumerate(parts):
        following = parts[index + 1] if index + 1 < len(parts) else None
        if block.kind == "heading":
            topics = _topics(block.text, lexicon)
            if topics or not _lower(block, above):
                above = block
                context = Context(topics=topics)
            else:
                context = Context(topics=context.topics)
            found += _heading(block, shadow, lexicon)
            if classify_heading(block, lexicon) is None:
                continue
        if context.topics == ("scope",) and _scope(block, found, lexicon):
            continue
        held = held if block.kind == "row" else ()
        if not held and (held := columns(block, following, lexicon)):
            continue
        if held:
            found += _row(block, held, context, lexicon, around)
            continue
        listed = block.kind in ("item", "row")
        context = replace(context, item=listed, intro=context.intro if listed else None, label="")
        before_list = following is not None and following.kind in ("item", "row")
        made, context = _block(block, context, before_list, lexicon, around)
        found += _with_examples(made, found, lexicon)
    return [replace(s, quote=_original(text, s)) for s in found]


def _lower(block: Block, above: Block | None) -> bool:
    """True if a heading stands below another one, whose topic is then its own too."""
    if above is None:
        return False
    return block.level > above.level


def _row(
    block: Block, held: tuple[str, ...], context: Context, lexicon: Lexicon, around: Surroundings
) -> list[Statement]:
    """The statements of a table's row by its columns."""
    made = (
        described(
            block.text, *trimmed(block.text, s.start, s.end), block.start, s.reading, context, lexicon, around
        )
        for s in said(block.text, held, context, lexicon)
    )
    return [statement for statement in made if statement is not None]


def classify_heading(block: Block, lexicon: Lexicon) -> Reading | None:
    """A date of the version often stands alone in a line, as headings do."""
    reading = classify(block.text, Context(), lexicon)
    return reading if reading and reading.rule == "version_date" else None


def _block(
    block: Block, context: Context, before_list: bool, lexicon: Lexicon, around: Surroundings
) -> tuple[list[Statement], Context]:
    """The statements of one block, and the context for the next."""
    if context.item and (lexicon.one["questions"].search(block.text) or block.text.endswith("?")):
        return [], context
    name, begin = label(block.text, block.kind)
    if name and classify_heading(block, lexicon):
        name, begin = "", 0
    context = replace(context, label=name)
    made: list[Statement] = []
    spans = [(begin + a, begin + b) for a, b in sentences(block.text[begin:], lexicon)]
    for number, (start, end) in enumerate(spans):
        words = block.text[start:end]
        if words.endswith("?") or lexicon.one["about"].search(words):
            continue
        if before_list and number == len(spans) - 1 and words.endswith(":"):
            return made, replace(context, intro=_intro(words, context, lexicon))
        made += _sentence(words, block.start + start, context, lexicon, around)
    if before_list and not context.item:
        made = [s for s in made if s.kind != "collect" or s.data != ("user",)]
    return made, context


def _intro(words: str, context: Context, lexicon: Lexicon) -> ClaimKind | None:
    """The kind of the items below a line that ends with a colon."""
    if lexicon.one["leads"].search(words):
        return "purpose"
    reading = classify(words, replace(context, item=False), lexicon)
    told = next((TOPICS[topic] for topic in context.topics if topic in TOPICS), None)
    if reading is None or (reading.rule in EVERYDAY and told):
        return (context.intro if context.item else None) or (told if reading else None)
    return reading.kind


def _sentence(
    words: str, at: int, context: Context, lexicon: Lexicon, around: Surroundings
) -> list[Statement]:
    """One statement for each clause that says something; the others join the one before or after."""
    made: list[tuple[int, int, Reading]] = []
    waiting = 0
    for start, end in clauses(words, lexicon):
        reading = classify(words[start:end], context, lexicon)
        if reading is not None and not _repeats(reading, made):
            made.append((waiting if not made else start, end, reading))
        elif made:
            made[-1] = (made[-1][0], end, made[-1][2])
    found = [described(words, *trimmed(words, a, b), at, r, context, lexicon, around) for a, b, r in made]
    for start, end in clauses(words, lexicon):
        for reading in own(words[start:end], lexicon):
            begin = start if not any(a == start for a, _, _ in made) else start + reading.at
            found.append(described(words, *trimmed(words, begin, end), at, reading, context, lexicon, around))
    return [s for s in found if s is not None]


def _repeats(reading: Reading, made: list[tuple[int, int, Reading]]) -> bool:
    """Two clauses of a sentence under one list rule are one statement."""
    return bool(made) and made[-1][2].rule == reading.rule and reading.rule.startswith("list_")


def _with_examples(made: list[Statement], before: list[Statement], lexicon: Lexicon) -> list[Statement]:
    """An example belongs to the statement of its kind before it."""
    kept: list[Statement] = []
    for statement in made:
        previous = kept[-1] if kept else None
        example = lexicon.one["examples"].search(statement.quote)
        if example and previous and previous.kind == statement.kind:
            kept[-1] = _joined(previous, statement)
        elif not (example and not previous and before and before[-1].kind == statement.kind):
            kept.append(statement)
    return kept


def _joined(one: Statement, example: Statement) -> Statement:
    gap = " " * (example.start - one.end)
    data = example.data if one.data == ("user",) else tuple(dict.fromkeys((*one.data, *example.data)))
    return replace(one, quote=one.quote + gap + example.quote, data=data)


def _heading(block: Block, shadow: str, lexicon: Lexicon) -> list[Statement]:
    """A heading such as `What we collect automatically` says that its list is complete."""
    if not (lexicon.one["automatic"].search(block.text) and lexicon.one["questions"].search(block.text)):
        return []
    start = " ".join(shadow.split()).find(block.text)
    return [Statement("collect", "closed_list", block.text, start, data=(), confidence=0.4)]


def _topics(heading: str, lexicon: Lexicon) -> tuple[str, ...]:
    """What a heading speaks of, the most telling first."""
    if lexicon.one["scope"].search(heading):
        return ("scope",)
    return tuple(topic for topic, form in lexicon.groups["headings"].items() if form.search(heading))


def _scope(block: Block, found: list[Statement], lexicon: Lexicon) -> bool:
    """Whose data the policy is about: they all have its rights, one statement a list. False if not."""
    if not lexicon.one["scope_items"].search(block.text):
        return False
    start, end = trimmed(block.text, 0, len(block.text))
    if block.kind == "item" and found and found[-1].rule == "scope":
        gap = " " * (block.start - found[-1].end)
        found[-1] = replace(found[-1], quote=found[-1].quote + gap + block.text[start:end])
        return True
    words = block.text[start:end]
    found.append(Statement("right", "scope", words, block.start + start, confidence=0.5))
    return True


def _own_names(text: str) -> frozenset[str]:
    """The capitalised words that stand most often, within sentences: the company and its terms."""
    words = Counter(re.findall(r"(?<=[a-zà-ÿ,] )[A-Z][\w-]+", text))
    opening = set(re.findall(r"\b[A-Z][\w-]+", text[:300]))
    return frozenset(word.casefold() for word, count in words.items() if count > 3 or word in opening) | {
        word.casefold() for word in opening
    }


def _original(text: str, statement: Statement) -> str:
    """The policy's own characters at the statement's place."""
    return " ".join(text.split())[statement.start : statement.end]
