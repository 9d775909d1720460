#!/bin/sh
# `npm test`: sets up whatever is missing, checks the types, runs the tests (all, or the files named).
set -eu
root=$(dirname "$(dirname "$(readlink -f "$0")")")
. "$root/src/toolchain/node.sh"
cd "$root"
node test/set-up.ts
node node_modules/typescript/bin/tsc --noEmit
# The tests build and boot kernel modules: more at once than there are cores only makes each slower.
[ $# -gt 0 ] || set -- 'test/**/*.test.ts'
exec node --test --test-concurrency=2 "$@"
