#!/bin/sh
# Makes the namespace that linli uses, unless it is there.
set -eu
export TEMPORAL_ADDRESS=temporal:7233
temporal operator cluster health
temporal operator namespace describe --namespace default >/dev/null 2>&1 ||
  temporal operator namespace create --namespace default --retention 72h
