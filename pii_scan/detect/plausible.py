"""Do the values bear out what the name says? Evidence against, or an explanation why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ..core.category import Taxonomy
from ..core.detection import Evidence
from ..core.profile import Hits, Profile
from . import protection, shapes
from .extent import Extent
from .options import Options
from .related import related

#: Categories whose values a pattern always finds, so that its silence speaks.
_FOUND: Final = (
    "user.contact.email",
    "user.device.ip_address",
    "user.device.mac_address",
    "user.financial.credit_card",
    "user.contact.phone_number",
)
_NAME: Final = "user.name"
#: Shapes that values of a category can't have.
_IMPOSSIBLE: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        _NAME,
        ("digits", "decimal", "boolean", "date", "datetime", "time", "uuid", "url", "email", "hash", "json"),
    ),
    ("user.contact.address", ("boolean", "date", "datetime", "uuid", "url", "hash", "json", "decimal")),
    ("user.contact.phone_number", ("boolean", "date", "datetime", "uuid", "url", "word")),
    ("user.demographic.date_of_birth", ("boolean", "uuid", "url", "email", "hash", "word")),
    ("user.device.user_agent", ("digits", "decimal", "boolean", "date", "datetime", "uuid")),
    ("user.financial.credit_card", ("boolean", "date", "datetime", "decimal", "word", "uuid", "email")),
    ("user.location.precise", ("boolean", "date", "datetime", "uuid", "email")),
    ("user.account.username", ("decimal", "boolean", "date", "datetime", "url")),
    ("user.authorization", ("boolean", "date", "datetime")),
    ("user.content", ("boolean", "decimal", "date", "datetime", "uuid")),
    ("user.demographic.gender", ("decimal", "date", "datetime", "uuid", "url", "email")),
    ("user.job_title", ("digits", "decimal", "boolean", "date", "datetime", "uuid", "url")),
)
_HIDDEN: Final = ("cipher", "hash")
#: Characters that are too few for a telephone number.
_EXTENSION: Final = 5
_CLOSED: Final = (
    "user.name",
    "user.contact.email",
    "user.contact.phone_number",
    "user.account.username",
    "user.government_id",
)


def plausibility(
    category: str,
    profile: Profile,
    hits: Mapping[str, Hits],
    taxonomy: Taxonomy,
    options: Options,
    extent: Extent,
    path: Sequence[str],
) -> Iterator[Evidence]:
    """Evidence from the profile on what the name of the field at `path` claims."""
    protected = protection.state(profile, category, path)[1]
    if protected is not None:
        yield replace(protected, weight=options.weight("protected"))
        return
    if profile.values < int(options.defaults["verdict"]["enough"]):
        if taxonomy.subsumes(_NAME, category):  # a number is no name, be it a single one
            yield from _misshapen(category, profile, taxonomy, options)
        return
    if hidden(profile, options):
        yield Evidence("profile", "shape", category, 0.0, "the values look hashed or encrypted")
        return
    yield from _absent(category, extent, hits, taxonomy, options)
    yield from _misshapen(category, profile, taxonomy, options)
    yield from _short(category, profile, taxonomy, options)
    yield from _closed(category, profile, taxonomy, options)


def hidden(profile: Profile, options: Options) -> bool:
    """True if nearly all values have the shape of ciphertexts or digests."""
    return shapes.share(profile.shapes, _HIDDEN) >= options.share("consistent")


def _absent(
    category: str, extent: Extent, hits: Mapping[str, Hits], taxonomy: Taxonomy, options: Options
) -> Iterator[Evidence]:
    profile = extent.profile
    if not any(taxonomy.subsumes(key, category) for key in _FOUND) or category.endswith(".hashed"):
        return
    rows = sum(extent.rows(key, hit) for key, hit in hits.items() if related(taxonomy, category, key))
    loose = (
        taxonomy.subsumes("user.contact.phone_number", category)
        and shapes.share(profile.shapes, ("word", "words", "uuid", "url")) < 0.5
    )
    if rows <= options.share("absent") * profile.values and not loose:
        yield Evidence(
            "pattern",
            "patterns",
            category,
            options.weight("absent"),
            f"{rows} of {profile.values} values match a pattern of it",
        )


def _misshapen(category: str, profile: Profile, taxonomy: Taxonomy, options: Options) -> Iterator[Evidence]:
    for key, impossible in _IMPOSSIBLE:
        share = shapes.share(profile.shapes, impossible)
        if taxonomy.subsumes(key, category) and share >= options.share("whole"):
            yield Evidence(
                "profile",
                "shape",
                category,
                options.weight("shape"),
                f"{share:.0%} of the values have a shape that it can't have",
            )
            return


def _short(category: str, profile: Profile, taxonomy: Taxonomy, options: Options) -> Iterator[Evidence]:
    """The extension of a room's telephone reaches nobody from outside."""
    if profile.longest <= _EXTENSION and taxonomy.subsumes("user.contact.phone_number", category):
        detail = f"{profile.longest} characters at most, as extensions have"
        yield Evidence("profile", "length", category, options.weight("short"), detail)


def _closed(category: str, profile: Profile, taxonomy: Taxonomy, options: Options) -> Iterator[Evidence]:
    rule = options.defaults["closed"]
    distinct = profile.sketch.distinct
    if profile.values < rule["constant" if distinct == 1 else "rows"] or distinct > rule["distinct"]:
        return
    if any(taxonomy.subsumes(key, category) for key in _CLOSED):
        detail = f"{profile.sketch.distinct} distinct values in {profile.values} rows"
        yield Evidence("profile", "vocabulary", category, options.weight("closed"), detail)
