"""Cells in five locales, and what Presidio and we find in each of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from faker import Faker
from stdnum.gb import nhs
from stdnum.it import codicefiscale

from pii_scan.core.category import Taxonomy
from pii_scan.detect import presidio as ours_of_presidio
from pii_scan.detect.options import Options
from pii_scan.detect.patterns import Match, Matcher
from pii_scan.detect.phones import Phones
from pii_scan.detect.rules import shipped

LOCALES = ("en_US", "en_GB", "fr_FR", "de_DE", "es_ES")
ROWS, POOL = 4000, 60

#: Our rules by Presidio's entity.
KINDS: Mapping[str, tuple[str, ...]] = {
    "EMAIL_ADDRESS": ("email", "email_encoded"),
    "CREDIT_CARD": ("card",),
    "IBAN_CODE": ("iban",),
    "IP_ADDRESS": ("ipv4", "ipv6"),
    "PHONE_NUMBER": ("phone_international", "phone_grouped", "phone_trunk", "phone_national", "phone_digits"),
    "US_SSN": ("us_ssn", "us_ssn_digits"),
    "CRYPTO": ("bitcoin",),
    "MAC_ADDRESS": ("mac_address",),
    "UK_NHS": ("uk_nhs",),
    "UK_NINO": ("uk_nino",),
    "ES_NIF": ("es_dni",),
    "ES_NIE": ("es_nie",),
    "IT_FISCAL_CODE": ("it_codice_fiscale",),
    "DE_TAX_ID": ("de_tax_id",),
    "DE_SOCIAL_SECURITY": ("de_rvnr",),
    "PL_PESEL": ("pl_pesel",),
    "IN_AADHAAR": ("in_aadhaar",),
    "IN_PAN": ("in_pan",),
    "AU_TFN": ("au_tfn",),
}
ENTITY = {rule: kind for kind, rules in KINDS.items() for rule in rules}
RECOGNIZERS = (
    "EmailRecognizer",
    "CreditCardRecognizer",
    "IbanRecognizer",
    "IpRecognizer",
    "UsSsnRecognizer",
    "CryptoRecognizer",
    "MacAddressRecognizer",
    "NhsRecognizer",
    "UkNinoRecognizer",
    "EsNifRecognizer",
    "EsNieRecognizer",
    "ItFiscalCodeRecognizer",
    "DeTaxIdRecognizer",
    "DeSocialSecurityRecognizer",
    "PlPeselRecognizer",
    "InAadhaarRecognizer",
    "InPanRecognizer",
    "AuTfnRecognizer",
)


@dataclass(frozen=True, slots=True)
class Found:
    """One entity in a cell; `sure` unless it counts only where the column agrees."""

    kind: str
    start: int
    end: int
    sure: bool = True

    def over(self, other: Found) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass
class Cells:
    """Columns of one locale: pools of distinct values, drawn from for each row."""

    locale: str

    def __post_init__(self) -> None:
        self.fake = Faker(self.locale)
        self.fake.seed_instance(20)
        self.rng = random.Random(self.locale)

    def columns(self) -> dict[str, list[str]]:
        makers: dict[str, Callable[[], str]] = {
            "mail": self.fake.email,
            "local": self.fake.phone_number,
            "abroad": self.abroad,
            "card": self.card,
            "account": self.iban,
            "address": lambda: self.rng.choice([self.fake.ipv4, self.fake.ipv6, self.fake.mac_address])(),
            "link": self.fake.uri,
            "national": self.national,
            "coin": lambda: self.rng.choice(COINS),
            "note": self.note,
            "count": lambda: str(self.rng.randrange(10**6)),
            "day": lambda: self.fake.date_time().strftime(self.rng.choice(DATES)),
            "key": lambda: str(self.fake.uuid4()),
            "share": self.share,
            "order": self.order,
        }
        pools = {name: sorted({make() for _ in range(POOL)}) for name, make in makers.items()}
        return {name: self.rng.choices(pool, k=ROWS) for name, pool in pools.items()}

    def abroad(self) -> str:
        import phonenumbers

        number = phonenumbers.example_number_for_type(
            self.rng.choice(["US", "GB", "FR", "DE", "ES", "IT", "NL"]), phonenumbers.PhoneNumberType.MOBILE
        )
        shape = self.rng.choice([0, 1])
        return phonenumbers.format_number(number, shape)

    def card(self) -> str:
        number = self.fake.credit_card_number(self.rng.choice(["visa16", "mastercard", "amex", "discover"]))
        if len(number) == 16 and self.rng.random() < 0.6:
            return self.rng.choice("- ").join(number[i : i + 4] for i in range(0, 16, 4))
        return number

    def iban(self) -> str:
        number = self.fake.iban()
        spaced = " ".join(number[i : i + 4] for i in range(0, len(number), 4))
        return self.rng.choice([number, spaced])

    def national(self) -> str:
        makers: dict[str, Callable[[], str]] = {
            "en_US": self.fake.ssn,
            "en_GB": lambda: self.rng.choice([self.nhs(), self.fake.numerify("JG %% %# %# A")]),
            "fr_FR": self.fake.ssn,
            "de_DE": lambda: self.rng.choice(GERMAN),
            "es_ES": lambda: self.rng.choice([self.fake.nif, self.fake.nie])(),
        }
        italian = "RCCMNL83S18D969"
        return self.rng.choice([makers[self.locale](), italian + codicefiscale.calc_check_digit(italian)])

    def share(self) -> str:
        number = self.rng.uniform(0, 10 ** self.rng.randrange(4))
        return f"{number:.{self.rng.randrange(1, 9)}f}"

    def nhs(self) -> str:
        """A valid number, in groups."""
        while True:
            digits = "".join(self.rng.choices("0123456789", k=10))
            if nhs.is_valid(digits):
                return nhs.format(digits)

    def order(self) -> str:
        return self.rng.choice(["", "ORD-", "#", "INV "]) + str(self.rng.randrange(10**5, 10**16))

    def note(self) -> str:
        """A sentence with one of the values, sometimes after a word that says what it is."""
        words, value = self.rng.choice(
            [
                ("email", self.fake.email()),
                ("phone", self.fake.phone_number()),
                ("phone number", self.abroad()),
                ("card", self.card()),
                ("IBAN", self.iban()),
                ("IP", self.fake.ipv4()),
                ("MAC", self.fake.mac_address()),
                ("SSN", self.national()),
                ("wallet", self.rng.choice(COINS)),
                ("order", self.order()),
                ("version", f"1.{self.rng.randrange(99)}.0.{self.rng.randrange(9)}"),
            ]
        )
        lead = self.rng.choice(["", f"{words} ", f"{words}: "])
        end = self.rng.choice([".", ",", "", ";", ")"])
        return f"{self.fake.sentence(4)} {lead}{value}{end} {self.fake.word()}"


COINS = (
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
)
GERMAN = ("36574261809", "15070649C103", "65180573B009", "36574261808")
DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S", "%H:%M", "%d %B %Y", "%Y%m%d")


@dataclass(frozen=True)
class Finders:
    """Presidio's engine and our matcher, each remembering a cell that it has seen."""

    taxonomy: Taxonomy

    @cached_property
    def matcher(self) -> Matcher:
        return Matcher(shipped(), Phones(Options().regions), Options().limit("window"))

    @cached_property
    def analyzer(self) -> Any:
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer import predefined_recognizers as library

        made = [getattr(library, name)(supported_language="en") for name in RECOGNIZERS]
        made.append(library.PhoneRecognizer(supported_regions=Options().regions))
        registry = RecognizerRegistry(recognizers=made, supported_languages=["en"])
        ours_of_presidio.close()
        tokens = ours_of_presidio._engine("en")
        return AnalyzerEngine(registry=registry, nlp_engine=tokens, supported_languages=["en"])

    def presidio(self, text: str) -> list[Found]:
        """Presidio's results from 0.4 up, which is what a phone number or a word of context gives."""
        results = self.analyzer.analyze(text, language="en", score_threshold=0.4)
        return sorted(
            {Found(r.entity_type, r.start, r.end) for r in results}, key=lambda f: (f.start, f.end, f.kind)
        )

    def matches(self, text: str) -> list[Match]:
        return self.matcher.look(text, self.matcher.rules)

    def ours(self, text: str) -> list[Found]:
        return [
            Found(ENTITY.get(m.rule.id, m.rule.id), m.start, m.end, m.kind == "hit")
            for m in self.matches(text)
            if m.kind != "failed"
        ]


def cells(columns: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The distinct cells of each column."""
    for name, values in columns.items():
        for value in dict.fromkeys(values):
            yield name, value
