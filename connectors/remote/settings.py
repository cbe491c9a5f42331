"""Addresses of remote files, what they need installed, and how they are opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from pii_scan.core.errors import ConfigError

from ..file_config import FileConfig

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

#: Schemes with the extra that brings their driver, and the module that shows that it is there.
SCHEMES: Final[Mapping[str, tuple[str, str]]] = {
    "s3": ("s3", "s3fs"),
    "s3a": ("s3", "s3fs"),
    "gs": ("gcs", "gcsfs"),
    "gcs": ("gcs", "gcsfs"),
    "az": ("azure", "adlfs"),
    "abfs": ("azure", "adlfs"),
    "abfss": ("azure", "adlfs"),
    "sftp": ("sftp", "paramiko"),
    "ssh": ("sftp", "paramiko"),
}
_ADDRESS: Final = re.compile(r"([a-z0-9]+)://.+")
_CONNECT, _ANSWER = 5, 30  # seconds


class RemoteConfig(FileConfig):
    """Files below one URL. Who we are comes from the environment, as for the vendor's own tools."""

    endpoint: str = Field("", description="address of an S3 service other than Amazon's")
    anonymous: bool = Field(False, description="ask without credentials")
    storage: Mapping[str, SecretStr] = Field(
        default_factory=dict, description="further options of the fsspec driver, such as `password`"
    )
    logs: bool = Field(False, description="take every plain text for a log")


def scheme_of(text: str) -> str:
    """The scheme of an address of remote files; nothing for anything else."""
    found = _ADDRESS.fullmatch(text)
    return found[1] if found and found[1] in SCHEMES else ""


def require_driver(config: RemoteConfig) -> None:
    """Raises ConfigError if what reads the address is not installed."""
    scheme = scheme_of(config.path)
    if not scheme:
        raise ConfigError("a remote source needs an address", f"schemes: {', '.join(SCHEMES)}")
    extra, module = SCHEMES[scheme]
    if find_spec(module) is None:
        raise ConfigError(f"the driver for {scheme}:// is not installed", f"pip install 'pii-scan[{extra}]'")


def opened(config: RemoteConfig) -> tuple[AbstractFileSystem, str]:
    """The file system and the path in it."""
    from fsspec.core import url_to_fs

    extra, _ = SCHEMES[scheme_of(config.path)]
    options = {name: value.get_secret_value() for name, value in config.storage.items()}
    if extra == "sftp":
        from .ssh import KnownServer

        place = {**KnownServer._get_kwargs_from_urls(config.path), **_options(config, extra), **options}
        return KnownServer(**place), KnownServer._strip_protocol(config.path).rstrip("/")
    file_system, path = url_to_fs(
        config.path, use_listings_cache=False, skip_instance_cache=True, **_options(config, extra), **options
    )
    return file_system, path.rstrip("/")


def _options(config: RemoteConfig, extra: str) -> dict[str, Any]:
    if extra == "s3":
        endpoint = {"endpoint_url": config.endpoint} if config.endpoint else {}
        return {
            "anon": config.anonymous,
            "client_kwargs": endpoint,
            "config_kwargs": {"connect_timeout": _CONNECT, "read_timeout": _ANSWER},
        }
    if extra == "sftp":
        return {"timeout": _CONNECT, "banner_timeout": _CONNECT, "auth_timeout": _ANSWER}
    if config.anonymous:
        return {"token": "anon"} if extra == "gcs" else {"anon": True}
    return {}


def refuse_password(text: str) -> None:
    """Raises ConfigError for a password within the address, which is no secret everywhere."""
    try:
        password = urlsplit(text).password
    except ValueError:
        raise ConfigError("the address of a source can't be parsed", "write scheme://place/path") from None
    if password:
        raise ConfigError(
            "the address of remote files holds a password",
            'give it as an option: storage: {password: "${env:NAME}"}',
        )
