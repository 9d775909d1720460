#!/bin/sh
# Within a user, mount and process namespace of its own: runs a step as a hosted runner's user on the machine that furnish.sh has made.
# $1 the root file system, $2 a scratch folder, $3 packages that apt has downloaded before, $4 the step's folder; the rest is its environment and
# its words. `shares` in the scratch folder names folders of this machine, a line each: `read`, `write` (the runner's) or `copy` (another user's, made anew), and the path.
set -eu
root=$1 scratch=$2 packages=$3 folder=$4
shift 4
machine=$scratch/machine
mkdir -p "$scratch/upper" "$scratch/work" "$machine"
mount -t overlay overlay -o "lowerdir=$root,upperdir=$scratch/upper,workdir=$scratch/work,userxattr" "$machine"
mount -t proc proc "$machine/proc"
mount --rbind /dev "$machine/dev"
[ -e "$machine/home/runner/.cache/kport" ] || {
  mkdir "$machine/home/runner/.cache/kport"
  [ ! -d "$scratch/seed" ] || cp -r "$scratch/seed/." "$machine/home/runner/.cache/kport"
  chown -R 1001:1001 "$machine/home/runner/.cache"
}
cp /etc/resolv.conf "$machine/etc/resolv.conf"
# Whom this machine trusts: registries may be reached through a proxy with an authority of its own.
mkdir -p "$machine/etc/ssl/certs"
cp /etc/ssl/certs/ca-certificates.crt "$machine/etc/ssl/certs/ca-certificates.crt"
echo "127.0.0.1 localhost $(hostname)" >"$machine/etc/hosts"
# Downloaded once, for all machines.
mount --bind "$packages" "$machine/var/cache/apt/archives"
while read -r kind share; do
  case $kind in
  copy)
    rm -rf "${machine:?}$share"
    mkdir -p "$machine$share"
    cp -r "$share/." "$machine$share"
    chown -R 1002:1002 "$machine$share"
    chmod -R a+rwX "$machine$share"
    ;;
  *)
    mkdir -p "$machine$share"
    mount --bind "$share" "$machine$share"
    if [ "$kind" = write ]; then chown -R 1001:1001 "$machine$share"; else chmod a+rx "$machine$share"; fi
    ;;
  esac
done <"$scratch/shares"

# Not chroot: a program in one may make no user namespace at all (unshare(2), EPERM).
mkdir -p "$machine/outside"
cd "$machine"
pivot_root . outside
cd /
umount -l /outside

# As where AppArmor forbids it, no program of a plain user's may make a user namespace.
echo 0 >/proc/sys/user/max_user_namespaces
cd "$folder"
status=0
setpriv --reuid 1001 --regid 1001 --clear-groups env -i "$@" || status=$?
echo "stand-in: max_user_namespaces is $(cat /proc/sys/user/max_user_namespaces) behind the step, left in /usr/local/lib: $(find /usr/local/lib -name 'kport*' | wc -l)"
exit "$status"
