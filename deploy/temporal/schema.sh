#!/bin/sh
# Brings Temporal's two schemas to the version of this image. A database that has
# none yet cannot be updated and is set up first.
set -eu
schema() {
  db="$1"; dir="$2"
  tool() { temporal-sql-tool --plugin postgres12 --ep postgres --port 5432 --user temporal --db "$db" "$@"; }
  tool update-schema -d "$dir" || { tool setup-schema -v 0.0 && tool update-schema -d "$dir"; }
}
schema temporal /etc/temporal/schema/postgresql/v12/temporal/versioned
schema temporal_visibility /etc/temporal/schema/postgresql/v12/visibility/versioned
