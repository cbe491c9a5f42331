"""What every source can be told, whatever it is: its name in the inventory, whose it is, what is left out."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from pii_scan.core.model import OWN, Store


class SourceConfig(BaseModel):
    """The settings that sources share; each kind adds its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, description="the store's name in the inventory")
    owner: str = Field("", description="team that answers for it")
    region: str = Field("", description="where it stands, such as eu-west-1")
    role: str = Field(OWN, description="'own', or the id of the processor whose system it is")
    purpose: str = Field("", description="what it is used for")
    tags: tuple[str, ...] = Field((), description="free marks")
    include: tuple[str, ...] = Field(("*",), description="globs of what to read")
    exclude: tuple[str, ...] = Field((), description="globs of what to leave out")

    @property
    def address(self) -> str:
        """Where the source is, as other systems name it; empty for what has no such address."""
        return ""

    def store(self, kind: str, default_path: tuple[str, ...] = ()) -> Store:
        return Store(
            kind=kind,
            name=self.name,
            owner=self.owner,
            region=self.region,
            role=self.role,
            purpose=self.purpose,
            tags=self.tags,
            default_path=default_path,
        )
