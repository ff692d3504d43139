#!/usr/bin/env bash
# Writes beside each project what Compose makes of it: NAME.all.json with every profile active, NAME.json as it is, NAME.template.json before variables are put in.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
export CRM_TAG=2.0 SHOP_TAG=1.4.0
for file in *.yml; do
    name=${file%.yml}
    compose=(docker compose --project-name "$name" --project-directory /srv/app --env-file /dev/null --file "$file")
    "${compose[@]}" --profile '*' config --format json >"$name.all.json" 2>/dev/null
    "${compose[@]}" config --format json >"$name.json" 2>/dev/null
    "${compose[@]}" --profile '*' config --format json --no-interpolate >"$name.template.json" 2>/dev/null
done
