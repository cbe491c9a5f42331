"""Airflow: a nightly audit as two tasks; the second one fails if the declared list is broken."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG(
    dag_id="pii_scan",
    description="What personal data is held, who receives it, and whether the policy says so.",
    schedule="17 2 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),  # noqa: UP017 - Airflow runs on older Pythons, too
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "privacy", "retries": 0, "execution_timeout": timedelta(hours=4)},
) as dag:
    # Exit code 3, an incomplete scan, marks the task as failed but lets the check say what is known.
    scan = BashOperator(task_id="scan", cwd="/srv/pii-scan", bash_command="pii-scan scan -q")
    check = BashOperator(
        task_id="check",
        cwd="/srv/pii-scan",
        bash_command="pii-scan check --fail-on high -o reports/latest.md -o reports/latest.json",
        trigger_rule="all_done",
    )
    scan >> check
