#!/usr/bin/env bash
# The runbook as it is typed: the commands of its checklist and of its sections 1, 2, 3.2 (options 2 and 3) and 5, in order.
# One process, so it is the fastest that anyone could type them; reading, thinking and copying are not in it.
#
#   by-hand.sh DEPLOYMENT_DIRECTORY TAG BASE_URL AppOnly|Downgrade|Restore
#
# Restore takes the oldest dump.
#
# Prints a line "step NAME SECONDS" for each step on standard output; everything else goes to standard error.
set -euo pipefail

if [ $# -ne 4 ]; then
  echo "usage: by-hand.sh DEPLOYMENT_DIRECTORY TAG BASE_URL AppOnly|Downgrade|Restore" >&2
  exit 2
fi
cd "$1"
tag=$2
url=${3%/}
strategy=$4

read_env() { sed -n "s/^$1=//p" .env | tail -n 1; }
database=$(read_env POSTGRES_DB)
user=$(read_env POSTGRES_USER)
token=$(read_env METRICS_TOKEN)

began=$EPOCHREALTIME
step() {
  local now=$EPOCHREALTIME
  printf 'step %s %s\n' "$1" "$(awk -v a="$began" -v b="$now" 'BEGIN { printf "%.3f", b - a }')"
  began=$now
}

# Some versions of Compose print an array, others a document for each container (the runbook knows the first only).
services() { docker compose ps --format json | jq -s 'flatten'; }

# Checklist: take a backup, with the options of the application's own script.
dump=backups/pg_${database}_$(date -u +%Y%m%dT%H%M%SZ).dump
docker compose exec -T db pg_dump --format=custom --blobs --no-owner --no-privileges --username="$user" "$database" > "$dump"
sha256sum "$dump" > "$dump.sha256"
step backup

# Checklist and 3.2: verify it.
ls -lh "$dump" >&2
sha256sum -c "$dump.sha256" >&2
step verify-backup

# 1: which release runs, which revision the database has.
services | jq -r '.[] | select(.Service=="api") | .Image' >&2
docker compose exec -T db psql -U "$user" -d "$database" -c "SELECT version_num FROM alembic_version;" >&2
step identify

# 2.1: back to the known-good tag. The runbook pulls every service; the database's and the proxy's images are in no registry here.
IMAGE_TAG=$tag docker compose --env-file .env -f docker-compose.yml pull --quiet api jobs >&2
step pull

# 3.2: what becomes of the database.
case $strategy in
  Downgrade)
    docker compose exec -T api alembic current -v >&2
    docker compose stop api jobs >&2
    docker compose run --rm -T api alembic downgrade -1 >&2
    docker compose exec -T db psql -U "$user" -d "$database" -c "SELECT version_num FROM alembic_version;" >&2
    step downgrade ;;
  Restore)
    # The runbook takes everything down and then restores over localhost, where no database is left: what writes is stopped here instead.
    oldest=$(find backups -name "pg_${database}_*.dump" | sort | head -n 1)
    docker compose stop api jobs >&2
    docker compose exec -T db psql -U "$user" -d postgres -c "CREATE DATABASE ${database}_restored" >&2
    docker compose exec -T db pg_restore --username="$user" --dbname="${database}_restored" --no-owner --no-privileges < "$oldest" >&2
    docker compose exec -T db psql -U "$user" -d postgres -c "DROP DATABASE $database" -c "ALTER DATABASE ${database}_restored RENAME TO $database" >&2
    step restore ;;
esac
IMAGE_TAG=$tag docker compose --env-file .env -f docker-compose.yml up -d api jobs >&2
step up

# 2.2 and 2.3: what runs, does it answer.
services | jq '.[].Image' >&2
docker compose exec -T api python --version >&2
for _ in $(seq 300); do
  if curl -fsS --max-time 2 "$url/healthz" >&2 2> /dev/null; then break; fi
  sleep 0.1
done
curl -fsS --max-time 2 "$url/healthz" >&2
# Not -f: after a correct app-only rollback over a newer schema the application answers 503 here.
curl -sS "$url/readyz" | jq . >&2
step smoke

# 5: validation.
curl -sS -H "Authorization: Bearer $token" "$url/metrics" | head >&2
docker compose logs --since=10m api jobs 2>&1 | tail -n 200 >&2
step validate
