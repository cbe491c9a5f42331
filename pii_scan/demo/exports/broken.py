"""Files that can't be read, wholly or in part: each has to be a gap in the coverage, never "clean"."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from ..company import Company
from ..files import lines, locked, put, table, zipped

_MONTHS = ("2025-08", "2025-09", "2025-10", "2025-11", "2025-12")


def write(company: Company, folder: Path) -> None:
    """Four broken files, and one whole report without people."""
    rng = company.rng("broken")
    guests = rng.sample(company.guests, 200)
    put(
        folder / "warehouse" / "attendees.parquet",
        _half_parquet([g.name for g in guests], [g.email for g in guests]),
    )
    sheet = zipped({"[Content_Types].xml": "<Types/>" * 40, "xl/workbook.xml": "<workbook>" * 80})
    put(folder / "finance" / "invoices.xlsx", sheet[: len(sheet) * 2 // 3])
    names = table(("name", "email"), [(g.name, g.email) for g in guests[:60]])
    put(folder / "legal" / "handover.zip", locked("members.csv", names, rng))
    whole = lines(
        {"entry": index, "amount_cents": rng.randrange(100, 9_000), "note": "invoice sent"}
        for index in range(120)
    )
    cut = [
        line[: len(line) // 2] if index % 6 == 5 else line for index, line in enumerate(whole.splitlines())
    ]
    put(folder / "finance" / "ledger.jsonl", "\n".join(cut) + "\n")
    report = [
        (month, rng.choice(("closed", "open")), rng.randrange(900, 9_000), f"{rng.uniform(0, 100):.2f}")
        for month in _MONTHS
    ]
    put(folder / "finance" / "monthly.csv", table(("month", "status", "bookings", "growth_percent"), report))


def _half_parquet(names: list[str], addresses: list[str]) -> bytes:
    """A Parquet file without its end, where the directory stands."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = BytesIO()
    pq.write_table(pa.table({"name": names, "email": addresses}), out)
    return out.getvalue()[: out.tell() // 2]
