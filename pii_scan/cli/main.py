"""The `pii-scan` command: one group, thin verbs, exit codes as documented."""

from __future__ import annotations

import os
import signal
import sys

import click

from .. import __version__
from ..core.errors import PiiScanError
from . import (
    accept,
    check,
    config,
    demo,
    detect,
    doctor,
    explain,
    inventory,
    keys,
    lineage,
    lists,
    policy,
    report,
    scan,
    sources,
    subject,
)

EXIT_CODES = """
\b
Exit codes: 0 clean; 1 findings at or above --fail-on; 2 usage or configuration;
3 scan incomplete (results valid for the rest); 4 internal error;
130 interrupted (resumable).
"""


@click.group(
    context_settings={
        "auto_envvar_prefix": "PII_SCAN",
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
    },
    epilog=EXIT_CODES,
)
@click.version_option(__version__, prog_name="pii-scan")
def cli() -> None:
    """Find personal data, see who receives it, check it against what you declare.

    \b
    Start here:
      pii-scan demo                          a made-up company, scanned and checked
      pii-scan scan postgresql://… ./logs    scan without a configuration
      pii-scan init                          write a configuration to start from
    """


for command in (
    demo.demo,
    config.init,
    scan.scan,
    sources.sources,
    detect.detect,
    check.check,
    accept.accept,
    accept.baseline,
    report.report,
    inventory.inventory,
    lineage.lineage,
    explain.explain,
    policy.policy,
    subject.subject,
    lists.rules,
    lists.decisions,
    lists.connectors,
    lists.categories,
    lists.checks,
    lists.exports,
    config.config,
    keys.key,
    keys.purge,
    doctor.doctor,
):
    cli.add_command(command)


def main() -> None:
    """Runs the command and turns every ending into its exit code."""
    os.umask(0o077)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stop by the scheduler is an interrupt
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort as stopped:
        if isinstance(stopped.__cause__, KeyboardInterrupt):
            code = _say("interrupted; continue with: pii-scan scan --resume", 130)
        else:
            code = _say("stopped: the question was not answered with yes, so nothing was done", 2)
    except KeyboardInterrupt:
        code = _say("interrupted; continue with: pii-scan scan --resume", 130)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except PiiScanError as error:
        code = _say(f"error: {error}", 2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:  # noqa: BLE001 - the last door: a bug is named without its values
        code = _say(_bug(error), 4)
    sys.exit(code if isinstance(code, int) else 0)


def _say(text: str, code: int) -> int:
    click.echo(text, err=True)
    return code


def _bug(error: BaseException) -> str:
    """Class and places of a bug; an exception's text may quote data, so it stays untold."""
    import traceback

    from ..core.errors import classify

    frames = traceback.extract_tb(error.__traceback__)
    places = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames[-8:]]
    return "\n".join([f"internal error: {classify(error)}", *places, "please report this, with these lines"])
