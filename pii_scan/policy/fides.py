"""The declared list as systems of fideslang, and back.

Our own systems are one system, `we`. A claim of kind `collect` or `allow_share` is a privacy declaration of
its id, one for each purpose, and what is shared leaves by `egress`. What fideslang has no place for (quotes,
periods, promises, …) travels in `meta` under `pii-scan`, so that our own export comes back whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from ..core.finding import WE
from .schema import AudienceModel, ClaimModel, RecipientModel, SharingModel

Document = dict[str, Any]
META: Final = "pii-scan"
#: The data uses of a claim that names no purpose, by its kind.
USES: Final = {"collect": "collect", "allow_share": "third_party_sharing"}
ROLES: Final = ("authority", "partner", "processor")
_OTHERS: Final = re.compile(r"third|vendor|processor|partner|authority|external", re.IGNORECASE)
_PERIOD: Final = re.compile(r"\s*(\d{1,5})\s*(d|m|y|days?|months?|years?)\s*", re.IGNORECASE)


def exported(
    sharing: SharingModel,
    written: Mapping[str, Any],
    purpose_of: Callable[[str], str],
    own: Mapping[str, tuple[str, str]],
) -> Document:
    """The list as a manifest: systems, and the categories that fideslang does not have.

    `written` is the list as its file has it. `purpose_of` gives the data use of a recipient's function, `own`
    label and parent of categories that fideslang lacks.
    """
    spoken = [claim for claim in sharing.claims if _spoken(claim)]
    rest = {name: value for name, value in written.items() if name != "recipients"}
    us = {
        "fides_key": WE,
        "name": "Our own systems",
        "system_type": "Application",
        "meta": {META: rest},
        "egress": _flows(sharing, spoken),
        "privacy_declarations": [d for claim in spoken for d in _declarations(sharing, claim)],
    }
    used = {key for claim in spoken for key in claim.data} | {k for r in sharing.recipients for k in r.needs}
    extra = [
        {"fides_key": key, "name": own[key][0], "parent_key": own[key][1]} for key in sorted(used & set(own))
    ]
    records = {record["id"]: record for record in written.get("recipients", ())}
    systems = [us, *(_recipient(sharing, spoken, r, records[r.id], purpose_of) for r in sharing.recipients)]
    return ({"data_category": extra} if extra else {}) | {"system": systems}


def _spoken(claim: ClaimModel) -> bool:
    """True for what a privacy declaration can say."""
    plain = claim.kind in USES and not claim.promise and bool(claim.data)
    return plain and not any(key.startswith("dataset:") for key in claim.data)


def audience(recipients: Sequence[RecipientModel], named: AudienceModel | None) -> list[str]:
    """The declared recipients that an audience means."""
    if named is None:
        return []
    functions = {function.casefold() for function in named.functions} - {""}
    return [
        r.id
        for r in recipients
        if named.anyone or r.id in named.ids or r.function.casefold() in functions or r.role in named.roles
    ]


def _declarations(sharing: SharingModel, claim: ClaimModel) -> Iterator[Document]:
    to = audience(sharing.recipients, claim.recipient) if claim.kind == "allow_share" else []
    for use in claim.purposes or [USES[claim.kind]]:
        made: Document = {
            "name": claim.id,
            "data_categories": list(claim.data),
            "data_use": use,
            "data_subjects": list(claim.subjects),
        }
        if claim.kind == "allow_share":
            made |= {"data_shared_with_third_parties": True, "shared_categories": list(claim.data)}
        yield made | ({"egress": to} if to else {})


def _flows(sharing: SharingModel, spoken: Sequence[ClaimModel]) -> list[Document]:
    return [
        {"fides_key": r.id, "type": "system", "data_categories": _reaching(sharing, spoken, r)}
        for r in sharing.recipients
    ]


def _reaching(sharing: SharingModel, spoken: Sequence[ClaimModel], recipient: RecipientModel) -> list[str]:
    shared = [
        c
        for c in spoken
        if c.kind == "allow_share" and recipient.id in audience(sharing.recipients, c.recipient)
    ]
    return sorted({key for claim in shared for key in claim.data})


def _recipient(
    sharing: SharingModel,
    spoken: Sequence[ClaimModel],
    recipient: RecipientModel,
    record: Mapping[str, Any],
    purpose_of: Callable[[str], str],
) -> Document:
    use = purpose_of(recipient.function) or "essential.service"
    needs = {"name": "needs", "data_categories": list(recipient.needs), "data_use": use, "data_subjects": []}
    told = {name: value for name, value in record.items() if name not in ("id", "name", "needs")}
    made: Document = {
        "fides_key": recipient.id,
        "name": recipient.name or recipient.id,
        "system_type": recipient.role,
        "meta": {META: told},
        "ingress": [
            {"fides_key": WE, "type": "system", "data_categories": _reaching(sharing, spoken, recipient)}
        ],
        "privacy_declarations": [needs] if recipient.needs else [],
    }
    return made | ({"dpa_location": recipient.dpa.ref} if recipient.dpa and recipient.dpa.ref else {})


def imported(manifest: Mapping[str, Any]) -> tuple[Document, list[str]]:
    """The declared list of a manifest as plain data, and what could not be taken over.

    Raises KeyError or TypeError if it is no manifest of fideslang.
    """
    systems = {str(s["fides_key"]): s for s in manifest["system"]}
    others = _others(systems)
    kept = _meta(systems.get(WE, {}))
    recipients = [_recipient_of(key, systems.get(key, {"fides_key": key})) for key in others]
    kept |= {"claims": _moved(kept.get("claims", ()), systems.get(WE, {}), recipients)}
    claims = [claim for key, s in systems.items() if key not in others for claim in _claims(s, others, kept)]
    notes = [note for key, s in systems.items() if key not in others for note in _lost(s)]
    claims += [c for c in kept.get("claims", ()) if not _spoken(ClaimModel.model_validate(c))]
    order = {c["id"]: n for n, c in enumerate(kept.get("claims", ()))}
    organization: Mapping[str, Any] = next(iter(manifest.get("organization", ())), {})
    return {
        "version": 1,
        "policy": kept.get("policy", {"id": str(organization.get("fides_key", "imported"))}),
        **({"defaults": kept["defaults"]} if "defaults" in kept else {}),
        "recipients": recipients,
        "claims": sorted(_distinct(claims), key=lambda c: order.get(c["id"], len(order))),
    }, notes


def _meta(system: Mapping[str, Any]) -> Document:
    found = (system.get("meta") or {}).get(META)
    return dict(found) if isinstance(found, Mapping) else {}


def _moved(
    claims: Sequence[Mapping[str, Any]], us: Mapping[str, Any], recipients: Sequence[Document]
) -> list[Document]:
    """The claims of `meta`, with the recipients of today where the systems say others than they meant."""
    models = [RecipientModel.model_validate(r) for r in recipients]
    to: dict[str, list[str]] = {}
    for declaration in us.get("privacy_declarations") or ():
        to.setdefault(str(declaration.get("name")), []).extend(declaration.get("egress") or ())
    moved = []
    for claim in claims:
        model = ClaimModel.model_validate(claim)
        now = set(to.get(model.id, ()))
        meant = set(audience(models, model.recipient))
        kept = not _spoken(model) or model.kind != "allow_share" or now == meant
        moved.append(dict(claim) if kept else {**claim, "recipient": {"ids": sorted(now)}})
    return moved


def _others(systems: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Who receives: those whose type says so, and those that get data and are no source of it."""
    reached = [
        str(flow["fides_key"])
        for system in systems.values()
        for flow in system.get("egress") or ()
        if flow.get("type") == "system"
    ]
    told = [key for key, system in systems.items() if _OTHERS.search(str(system.get("system_type", "")))]
    silent = [key for key in reached if not (systems.get(key) or {}).get("egress")]
    return [key for key in dict.fromkeys((*told, *silent)) if key not in (WE, "user")]


def _recipient_of(key: str, system: Mapping[str, Any]) -> Document:
    kind = str(system.get("system_type", "")).casefold()
    role = next((role for role in ROLES if role in kind), "processor")
    needs = [c for d in system.get("privacy_declarations") or () for c in d["data_categories"]]
    made: Document = {"id": key, "role": role, **_meta(system)}
    if system.get("name") and system["name"] != key:
        made["name"] = system["name"]
    if system.get("dpa_location") and "dpa" not in made:
        made["dpa"] = {"ref": str(system["dpa_location"])}
    return made | ({"needs": list(dict.fromkeys(needs))} if needs else {})


def _claims(system: Mapping[str, Any], others: Sequence[str], kept: Mapping[str, Any]) -> Iterator[Document]:
    """One claim for the declarations of one name, and one for each flow that no declaration speaks of."""
    known = {c["id"]: c for c in kept.get("claims", ())}
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for declaration in system.get("privacy_declarations") or ():
        name = str(declaration.get("name") or declaration["data_use"])
        grouped.setdefault(name, []).append(declaration)
    spoken: set[str] = set()
    for name, group in grouped.items():
        to = [k for k in dict.fromkeys(k for d in group for k in d.get("egress") or ()) if k in others]
        spoken.update(to)
        yield from _of_declarations(system, name, group, to, known.get(name))
    for flow in system.get("egress") or ():
        key, data = str(flow["fides_key"]), flow.get("data_categories") or ()
        if key in others and key not in spoken and data:
            yield {
                "id": _name(system, f"to {key}"),
                "kind": "allow_share",
                "data": list(data),
                "recipient": {"ids": [key]},
            }


def _of_declarations(
    system: Mapping[str, Any],
    name: str,
    group: Sequence[Mapping[str, Any]],
    to: Sequence[str],
    known: Mapping[str, Any] | None,
) -> Iterator[Document]:
    data = list(dict.fromkeys(key for d in group for key in d["data_categories"]))
    uses = [u for u in dict.fromkeys(str(d["data_use"]) for d in group) if u not in USES.values()]
    subjects = list(dict.fromkeys(key for d in group for key in d.get("data_subjects") or ()))
    lists = {"data": data, "purposes": uses, "subjects": subjects}
    if known is not None:
        yield {**known, **{name: value for name, value in lists.items() if value or name in known}}
        return
    said = {name: value for name, value in lists.items() if value}
    shared = {"recipient": {"ids": list(to)}}
    yield {"id": _name(system, name), "kind": "collect", **said}
    if to:
        yield {"id": _name(system, f"{name} shared"), "kind": "allow_share", **said, **shared}
    period = _PERIOD.fullmatch(str(group[0].get("retention_period") or ""))
    if period:
        age = f"{period[1]}{period[2][0].lower()}"
        yield {"id": _name(system, f"{name} kept"), "kind": "retain", "data": data, "max_age": age}


def _name(system: Mapping[str, Any], words: str) -> str:
    return re.sub(r"[^\w.]+", "-", f"{system['fides_key']} {words}".casefold()).strip("-")


def _lost(system: Mapping[str, Any]) -> Iterator[str]:
    """What a declaration says that the list has no place for."""
    for declaration in system.get("privacy_declarations") or ():
        name = f"{system['fides_key']}: {declaration.get('name') or declaration['data_use']}"
        period = declaration.get("retention_period")
        if period and not _PERIOD.fullmatch(str(period)):
            yield f"{name}: the retention period '{period}' is no number of days, months or years"
        if declaration.get("third_parties"):
            yield f"{name}: third parties are named in words alone; list them as recipients"
        if declaration.get("legal_basis_for_processing"):
            yield f"{name}: the legal basis has no place in the list"


def _distinct(claims: Sequence[Document]) -> list[Document]:
    """Two claims never have one id: the second one gets a number."""
    seen: dict[str, int] = {}
    made = []
    for claim in claims:
        seen[claim["id"]] = count = seen.get(claim["id"], 0) + 1
        made.append(claim if count == 1 else claim | {"id": f"{claim['id']}-{count}"})
    return made
