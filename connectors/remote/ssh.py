"""Files over SFTP: only from servers whose key is known, every wait bounded, connected when first asked."""

from __future__ import annotations

from typing import Any, Final, NoReturn

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem

from pii_scan.core.errors import SourceError

_ANSWER: Final = 30.0  # seconds
_ADVICE: Final = "check it, then add it (ssh-keyscan HOST >> ~/.ssh/known_hosts), or give `known_hosts`"


class _Unknown(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """fsspec's default takes any key, so anybody between could hand us files and take our password."""

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> NoReturn:
        raise SourceError("the server's key is in no file of known hosts", _ADVICE)


class KnownServer(SFTPFileSystem):  # type: ignore[misc]
    """What fsspec reads over SFTP with, but for how it connects.

    Who we are comes from the agent, the default keys, or paramiko's own options (`key_filename`,
    `passphrase`, `password`); `known_hosts` names a file of keys beside the system's. Raises SourceError.
    """

    cachable = False

    def __init__(self, host: str, known_hosts: str = "", **options: Any) -> None:
        self._known_hosts = known_hosts
        super().__init__(host, host_key_policy=_Unknown, **options)

    def _connect(self) -> None:
        self.client = paramiko.SSHClient()
        self.client.set_missing_host_key_policy(self.host_key_policy)
        try:
            self.client.load_system_host_keys()
            if self._known_hosts:
                self.client.load_host_keys(self._known_hosts)
            self.client.connect(self.host, **self.ssh_kwargs)
        except paramiko.BadHostKeyException:
            reason = "the server's key is another than the one in the file of known hosts"
            raise SourceError(reason, "ask who runs it before you trust the new one") from None
        self.ftp = self.client.open_sftp()
        self.ftp.get_channel().settimeout(_ANSWER)

    def close(self) -> None:
        self.client.close()
