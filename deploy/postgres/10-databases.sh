#!/bin/bash
# Runs once, when the volume is empty: a role and databases for each of the two
# that keep data here, so that neither can read the other's.
set -euo pipefail
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" \
  --set=linli="$LINLI_DB_PASSWORD" --set=temporal="$TEMPORAL_DB_PASSWORD" <<'SQL'
CREATE ROLE linli LOGIN PASSWORD :'linli';
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE DATABASE linli OWNER linli;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE CONNECT ON DATABASE linli, temporal, temporal_visibility FROM PUBLIC;
SQL
