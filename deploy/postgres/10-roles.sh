#!/bin/bash
# Runs once, when the volume of PostgreSQL is empty: the two roles and the portal's database.
# `asurso_owner` owns the tables and migrates; `asurso`, the application, cannot change history.
set -euo pipefail

psql --username "$POSTGRES_USER" --no-psqlrc --set ON_ERROR_STOP=1 \
    --set owner_password="$OWNER_PASSWORD" --set application_password="$APPLICATION_PASSWORD" <<'SQL'
CREATE ROLE asurso_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE asurso LOGIN PASSWORD :'application_password';
CREATE DATABASE asurso OWNER asurso_owner;
REVOKE ALL ON DATABASE asurso FROM PUBLIC;
GRANT CONNECT ON DATABASE asurso TO asurso;
SQL
