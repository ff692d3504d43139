#!/bin/sh
# Makes the cluster on first start, then becomes the server.
# The cluster is made under a side name and moved into place last, so a container killed half-way starts afresh.
set -eu

: "${POSTGRES_USER:=postgres}"
: "${POSTGRES_DB:=$POSTGRES_USER}"
: "${POSTGRES_HOST_AUTH_METHOD:=scram-sha-256}"

case "${1:-}" in
  -*|'') set -- postgres "$@" ;;
esac

# Anything else (psql, pg_dump, sh …) runs as asked.
[ "$1" = postgres ] || exec "$@"

as_postgres() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid postgres --regid postgres --init-groups "$@"; else "$@"; fi
}

mkdir -p "$PGDATA" /var/run/postgresql
if [ "$(id -u)" = 0 ]; then
  chown postgres:postgres "$PGDATA" /var/run/postgresql
  chmod 0700 "$PGDATA"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -z "${POSTGRES_PASSWORD:-}" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
    echo "lab-postgres: POSTGRES_PASSWORD is empty; set it, or POSTGRES_HOST_AUTH_METHOD=trust for a throw-away server" >&2
    exit 1
  fi
  new=$PGDATA/.new
  # Left by a start that was killed: nothing in there has ever served a row.
  if [ -e "$new" ]; then find "$PGDATA" -mindepth 1 -delete; fi
  secret=$(mktemp)
  printf '%s\n' "${POSTGRES_PASSWORD:-unused}" > "$secret"
  [ "$(id -u)" = 0 ] && chown postgres "$secret"
  # shellcheck disable=SC2086 # several options may come in one variable
  as_postgres initdb --pgdata "$new" --username "$POSTGRES_USER" --pwfile "$secret" --encoding UTF8 --locale C.UTF-8 \
    --auth trust --no-sync ${POSTGRES_INITDB_ARGS:-} > /dev/null
  rm -f "$secret"
  echo "host all all all $POSTGRES_HOST_AUTH_METHOD" >> "$new/pg_hba.conf"
  echo "listen_addresses = '*'" >> "$new/postgresql.conf"

  if [ "$POSTGRES_DB" != postgres ]; then
    as_postgres pg_ctl --pgdata "$new" --silent --wait --options "-c listen_addresses= -c fsync=off" --log /dev/null start
    as_postgres psql --quiet --no-psqlrc --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
      --set name="$POSTGRES_DB" <<'SQL'
CREATE DATABASE :"name";
SQL
    as_postgres pg_ctl --pgdata "$new" --silent --wait --mode fast stop
  fi

  # PG_VERSION goes last: its presence is what says that the cluster is whole.
  find "$new" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv -t "$PGDATA" {} +
  sync -f "$PGDATA"
  mv "$new/PG_VERSION" "$PGDATA/PG_VERSION"
  rmdir "$new"
  echo "lab-postgres: made a new cluster for database $POSTGRES_DB"
fi

if [ "$(id -u)" = 0 ]; then exec setpriv --reuid postgres --regid postgres --init-groups "$@"; fi
exec "$@"
