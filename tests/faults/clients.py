"""Eight clients of a MariaDB bank at a steady rate.

`python -m tests.faults.clients PORT DATABASE SECONDS RATE`, as `load.py` starts it: the transactions of
`pgbench`. Prints when each ended, in seconds since the epoch, and the seconds it took.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from contextlib import closing

import pymysql

CLIENTS = 8
_STEPS = (
    "UPDATE accounts SET balance = balance + {delta} WHERE id = {account}",
    "SELECT balance FROM accounts WHERE id = {account}",
    "UPDATE tellers SET balance = balance + {delta} WHERE id = {teller}",
    "INSERT INTO history (teller, account, delta) VALUES ({teller}, {account}, {delta})",
)


def prepare(port: int, database: str, accounts: int) -> None:
    """Makes the bank: accounts with an e-mail address each, tellers, an empty history."""
    with closing(pymysql.connect(host="127.0.0.1", port=port, user="root", autocommit=True)) as connection:
        for statement in (
            f"CREATE DATABASE {database}",
            f"USE {database}",
            "CREATE TABLE accounts(id INT PRIMARY KEY, balance INT, email VARCHAR(80))",
            "INSERT INTO accounts SELECT seq, 0, CONCAT('client', seq, '@example.org') "
            f"FROM seq_1_to_{accounts}",
            "CREATE TABLE tellers(id INT PRIMARY KEY, balance INT)",
            "INSERT INTO tellers SELECT seq, 0 FROM seq_1_to_100",
            "CREATE TABLE history(id INT PRIMARY KEY AUTO_INCREMENT, teller INT, account INT, delta INT)",
            "CREATE USER scan@localhost",
            f"GRANT SELECT ON {database}.* TO scan@localhost",
        ):
            connection.cursor().execute(statement)


def work(port: int, database: str, end: float, pause: float, accounts: int) -> list[tuple[float, float]]:
    """What one client does until `end`: a transaction each `pause` seconds, late ones at once."""
    done, turn, draw = [], time.monotonic(), random.Random()
    with closing(pymysql.connect(host="127.0.0.1", port=port, user="root", database=database)) as connection:
        cursor = connection.cursor()
        while time.time() < end:
            turn += pause
            time.sleep(max(0.0, turn - time.monotonic()))
            values = {
                "delta": draw.randint(-5000, 5000),
                "account": draw.randint(1, accounts),
                "teller": draw.randint(1, 100),
            }
            begun = time.monotonic()
            connection.begin()
            for step in _STEPS:
                cursor.execute(step.format(**values))
            connection.commit()
            done.append((time.time(), time.monotonic() - begun))
    return done


def main() -> None:
    port, database, seconds, rate = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    with closing(pymysql.connect(host="127.0.0.1", port=port, user="root", database=database)) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT MAX(id) FROM accounts")
        ((accounts,),) = cursor.fetchall()
    end, done = time.time() + seconds, []

    def client() -> None:
        done.extend(work(port, database, end, CLIENTS / rate, accounts))

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for moment, taken in done:
        print(f"{moment:.6f} {taken:.6f}")


if __name__ == "__main__":
    main()
