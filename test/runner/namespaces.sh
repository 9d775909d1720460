#!/bin/sh
# Runs its words as root in a user, mount and process namespace of their own in which every user of this machine is itself, which unshare
# alone cannot map without newuidmap's table. $1 a scratch folder; the rest are the words.
set -eu
scratch=$1
shift
rm -f "$scratch/made" "$scratch/mapped"
unshare --user --mount --pid --fork --kill-child sh -c 'touch "$1/made"; until [ -e "$1/mapped" ]; do sleep 0.05; done; shift; exec setpriv --reuid 0 --regid 0 --clear-groups "$@"' sh "$scratch" "$@" &
until [ -e "$scratch/made" ]; do
  kill -0 $! || exit 1
  sleep 0.05
done
echo "0 0 65536" >"/proc/$!/uid_map"
echo "0 0 65536" >"/proc/$!/gid_map"
touch "$scratch/mapped"
wait $!
