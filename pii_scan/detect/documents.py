"""Check digits of documents and numbers that python-stdnum does not know, each after its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

Validator = Callable[[str], bool]

_GAPS: Final = str.maketrans("", "", " -./")


def bare(text: str) -> str:
    """The number without what groups it, in capitals."""
    return text.translate(_GAPS).upper()


def _value(char: str) -> int:
    """A digit's own value, and 10 to 35 for A to Z (ICAO 9303-3)."""
    return int(char, 36)


def _weighted(number: Iterable[int], weights: Iterable[int]) -> int:
    return sum(digit * weight for digit, weight in zip(number, weights, strict=False))


def _crossed(number: Iterable[int], weights: Iterable[int]) -> int:
    """The sum of the digits of the products."""
    return sum(sum(divmod(d * w, 10)) for d, w in zip(number, weights, strict=False))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _varied(number: str) -> bool:
    """One sign all over is a placeholder."""
    return len(set(number)) > 1


def icao(text: str) -> bool:
    """The check digit at the end of a travel document's number (ICAO 9303-3, 4.9)."""
    number = bare(text)
    return _varied(number) and _weighted(map(_value, number[:-1]), (7, 3, 1) * 30) % 10 == int(number[-1])


def de_rvnr(text: str) -> bool:
    """Versicherungsnummer of the German pension insurance (VKVV, sections 2 and 4)."""
    number = bare(text)
    day, month = int(number[2:4]) % 50, int(number[4:6])
    spelled = number[:8] + f"{ord(number[8]) - 64:02d}" + number[9:11]
    if not _is_day(2000, month, day):
        return False
    return _crossed(map(int, spelled), (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)) % 10 == int(number[11])


def de_kvnr(text: str) -> bool:
    """Krankenversichertennummer (SGB V, section 290; GKV-Spitzenverband, annex 1)."""
    number = bare(text)
    spelled = f"{ord(number[0]) - 64:02d}" + number[1:9]
    return _varied(number[1:]) and _crossed(map(int, spelled), (1, 2) * 5) % 10 == int(number[9])


def uk_driving_licence(text: str) -> bool:
    """A name of up to five letters filled up with 9, and a day of birth (DVLA; women: month plus 50)."""
    number = bare(text)
    month, day = int(number[6:8]) % 50, int(number[8:10])
    name = number[:5].rstrip("9")
    return name.isalpha() and _is_day(2000, month, day)


def uk_chi(text: str) -> bool:
    """Community Health Index of Scotland: a day of birth and a check digit modulo 11."""
    number = bare(text)
    rest = _weighted(map(int, number), range(10, 1, -1)) % 11
    born = _is_day(2000 + int(number[4:6]), int(number[2:4]), int(number[:2]))
    return _varied(number) and born and (11 - rest) % 11 == int(number[9])


def fr_rib(text: str) -> bool:
    """Relevé d'identité bancaire: the key modulo 97 (CFONB)."""
    number = bare(text).translate(str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789"))
    bank, branch, account, key = number[:5], number[5:10], number[10:21], number[21:]
    return _varied(number) and (97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97) == int(key)


def es_nuss(text: str) -> bool:
    """Número de usuario de la Seguridad Social: modulo 97, short numbers without their leading zeros."""
    number = bare(text)
    province, serial = int(number[:2]), int(number[2:10])
    joined = serial + province * 10_000_000 if serial < 10_000_000 else int(number[:10])
    return 1 <= province <= 66 and serial > 0 and joined % 97 == int(number[10:])


def pt_niss(text: str) -> bool:
    """Número de Identificação de Segurança Social: prime weights, modulo 10."""
    number = bare(text)
    total = _weighted(map(int, number), (29, 23, 19, 17, 13, 11, 7, 5, 3, 2))
    return _varied(number) and 9 - total % 10 == int(number[10])


def pl_id_card(text: str) -> bool:
    """Number of a dowód osobisty: the fourth sign is the check digit."""
    number = bare(text)
    return _weighted(map(_value, number), (7, 3, 1, 9, 7, 3, 1, 7, 3)) % 10 == 0


def ca_ramq(text: str) -> bool:
    """Health card of Québec: letters of the name and a day of birth (women: month plus 50)."""
    number = bare(text)
    return _is_day(2000, int(number[6:8]) % 50, int(number[8:10]))


def br_pis(text: str) -> bool:
    """PIS, PASEP or NIS: modulo 11."""
    number = bare(text)
    check = 11 - _weighted(map(int, number), (3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return _varied(number) and (0 if check > 9 else check) == int(number[10])


def br_cns(text: str) -> bool:
    """Cartão Nacional de Saúde: weights 15 to 1, modulo 11."""
    number = bare(text)
    return _varied(number) and _weighted(map(int, number), range(15, 0, -1)) % 11 == 0


def br_voter(text: str) -> bool:
    """Título eleitoral: state 01 to 28 and two check digits modulo 11 (TSE, Resolução 21.538)."""
    number = [int(char) for char in bare(text)]
    state = number[8] * 10 + number[9]
    least = 1 if state in (1, 2) else 0
    one = _eleventh(_weighted(number[:8], range(2, 10)), least)
    two = _eleventh(number[8] * 7 + number[9] * 8 + one * 9, least)
    return 1 <= state <= 28 and [one, two] == number[10:]


def _eleventh(total: int, least: int) -> int:
    rest = total % 11
    return 0 if rest == 10 else max(rest, least)


def mx_clabe(text: str) -> bool:
    """Clave Bancaria Estandarizada: weights 3, 7, 1, each product modulo 10 (Banco de México)."""
    number = bare(text)
    total = sum(int(d) * w % 10 for d, w in zip(number[:17], (3, 7, 1) * 6, strict=False))
    return _varied(number) and -total % 10 == int(number[17])


def us_dea(text: str) -> bool:
    """Registration number of the Drug Enforcement Administration: alternate digits, modulo 10."""
    digits = [int(char) for char in bare(text)[2:]]
    return (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6] and len(set(digits)) > 1


def document(text: str) -> bool:
    """A document's number without a known check: five digits or more, and not a day of the calendar."""
    number = bare(text)
    count = sum(char.isdigit() for char in number)
    dated = len(number) == 8 and number.isdigit() and _dated(number)
    return count >= 5 and len(number) - count <= 6 and _varied(number) and not dated


def serial(text: str) -> bool:
    """A number of letters and digits, two of them or more."""
    number = bare(text)
    return sum(char.isdigit() for char in number) >= 2 and _varied(number)


def _dated(number: str) -> bool:
    forward = _is_day(int(number[:4]) or 1, int(number[4:6]), int(number[6:]))
    backward = _is_day(int(number[4:]) or 1, int(number[2:4]), int(number[:2]))
    return (forward and number[:2] in ("19", "20")) or (backward and number[4:6] in ("19", "20"))


DOCUMENTS: Final[dict[str, Validator]] = {
    "br_cns": br_cns,
    "br_pis": br_pis,
    "br_voter": br_voter,
    "ca_ramq": ca_ramq,
    "de_kvnr": de_kvnr,
    "de_rvnr": de_rvnr,
    "document": document,
    "es_nuss": es_nuss,
    "fr_rib": fr_rib,
    "icao": icao,
    "mx_clabe": mx_clabe,
    "pl_id_card": pl_id_card,
    "pt_niss": pt_niss,
    "serial": serial,
    "uk_chi": uk_chi,
    "uk_driving_licence": uk_driving_licence,
    "us_dea": us_dea,
}
