"""What an S3 bucket says of itself: region, encryption, who may read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from pii_scan.core.setting import NO, UNKNOWN, YES, Setting, yes

from .bytes import failure

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_BLOCKS: Final = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_EVERYONE: Final = "http://acs.amazonaws.com/groups/global/"
#: Where S3 keeps buckets that name no other place.
_DEFAULT: Final = "us-east-1"


def bucket_settings(files: AbstractFileSystem, bucket: str, store: str) -> Iterator[Setting]:
    """Questions that the credentials may not ask are `unknown`, with the reason."""
    yield Setting(store, (), "kind", "bucket", "S3")
    for name, ask in (("region", _region), ("encrypted", _encrypted), ("public", _public)):
        try:
            value, detail = ask(files, bucket)
        except Exception as error:  # noqa: BLE001 - drivers raise what they like
            value, detail = UNKNOWN, failure(error).reason
        yield Setting(store, (), name, value, detail)


def _asked(files: AbstractFileSystem, question: str, bucket: str, absent: str) -> Mapping[str, Any] | None:
    """The answer; None if the service says that nothing of the kind is configured."""
    ask: Callable[..., Mapping[str, Any]] = files.call_s3
    try:
        return ask(question, Bucket=bucket)
    except Exception as error:
        cause = error.__cause__ if error.__cause__ is not None else error
        code = getattr(cause, "response", {}).get("Error", {}).get("Code", "")
        if code == absent:
            return None
        raise


def _region(files: AbstractFileSystem, bucket: str) -> tuple[str, str]:
    found = _asked(files, "get_bucket_location", bucket, "") or {}
    return str(found.get("LocationConstraint") or _DEFAULT), "GetBucketLocation"


def _encrypted(files: AbstractFileSystem, bucket: str) -> tuple[str, str]:
    absent = "ServerSideEncryptionConfigurationNotFoundError"
    found = _asked(files, "get_bucket_encryption", bucket, absent)
    if found is None:
        # Amazon encrypts every bucket since January 2023; other services need not.
        return UNKNOWN, "no encryption is configured"
    return yes(bool(found.get("ServerSideEncryptionConfiguration"))), "GetBucketEncryption"


def _public(files: AbstractFileSystem, bucket: str) -> tuple[str, str]:
    block = _asked(files, "get_public_access_block", bucket, "NoSuchPublicAccessBlockConfiguration")
    flags = (block or {}).get("PublicAccessBlockConfiguration", {})
    if all(flags.get(name) for name in _BLOCKS):
        return NO, "GetPublicAccessBlock"
    status = _asked(files, "get_bucket_policy_status", bucket, "NoSuchBucketPolicy")
    if (status or {}).get("PolicyStatus", {}).get("IsPublic"):
        return YES, "GetBucketPolicyStatus"
    grants = (_asked(files, "get_bucket_acl", bucket, "") or {}).get("Grants", [])
    if any(str(grant.get("Grantee", {}).get("URI", "")).startswith(_EVERYONE) for grant in grants):
        return YES, "GetBucketAcl"
    return NO, "neither policy nor ACL lets anyone in"
