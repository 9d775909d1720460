#!/bin/sh
# `npm run corpus`: sets up whatever is missing, then checks the corpus.
set -eu
root=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
. "$root/src/toolchain/node.sh"
cd "$root"
node test/set-up.ts
exec node test/corpus/run.ts "$@"
