#!/usr/bin/env bash
# Installs and starts what the database, file server and browser tests talk to, from Debian's packages.
set -euo pipefail

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
missing=()
command -v psql >/dev/null && [ -d /usr/lib/postgresql ] || missing+=(postgresql)
command -v mariadbd >/dev/null || [ -x /usr/sbin/mariadbd ] || missing+=(mariadb-server)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v chromium >/dev/null || missing+=(chromium)
[ -x /usr/sbin/pgbouncer ] || missing+=(pgbouncer)
[ -x /usr/sbin/sshd ] || missing+=(openssh-server)

if [ "${#missing[@]}" -gt 0 ]; then
  [ "$(id -u)" = 0 ] || { echo "make services needs root to install: ${missing[*]}" >&2; exit 2; }
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if ! answers 5432; then
  cluster=$(ls /etc/postgresql | sort -n | tail -n 1)
  pg_ctlcluster --skip-systemctl-redirect "$cluster" main start
fi
if ! answers 3306; then
  install -d -o mysql -g mysql /run/mysqld
  start-stop-daemon --start --oknodo --background --exec /usr/sbin/mariadbd
fi
for port in 5432 3306; do
  for _ in $(seq 60); do answers "$port" && break; sleep 0.5; done
  answers "$port" || { echo "nothing answers on port $port" >&2; exit 1; }
done
echo "PostgreSQL and MariaDB answer; $(chromium --version 2>/dev/null || echo 'no Chromium')"
