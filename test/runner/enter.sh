#!/bin/sh
# Within a user, mount and process namespace of its own: makes the machine that a runner is, and runs the action on it as the runner does.
# $1 the root file system, $2 a scratch folder, $3 what holds the action's files, $4 the workspace's source; the rest is the environment.
set -eu
root=$1 scratch=$2 action=$3 source=$4
shift 4
mkdir -p "$scratch/upper" "$scratch/work" "$scratch/machine"
machine=$scratch/machine
mount -t overlay overlay -o "lowerdir=$root,upperdir=$scratch/upper,workdir=$scratch/work,userxattr" "$machine"
mount -t proc proc "$machine/proc"
mount --rbind /dev "$machine/dev"
mount --bind /etc/resolv.conf "$machine/etc/resolv.conf" 2>/dev/null || cp /etc/resolv.conf "$machine/etc/resolv.conf"
mkdir -p "$machine/action" "$machine/home/runner/.ssh" "$machine/home/runner/.cache" "$machine/home/runner/work/_temp" "$machine/workspace"
mount --rbind "$action" "$machine/action"

# The runner's user, who may be root unasked, and another one that the workspace belongs to.
printf 'runner:x:1001:1001::/home/runner:/bin/bash\nother:x:1002:1002::/:/bin/sh\n' >>"$machine/etc/passwd"
printf 'runner:x:1001:\nother:x:1002:\n' >>"$machine/etc/group"
printf 'runner:*:20000:0:99999:7:::\n' >>"$machine/etc/shadow"
echo "127.0.0.1 localhost $(hostname)" >"$machine/etc/hosts"
printf 'runner ALL=(ALL) NOPASSWD: ALL\n' >"$machine/etc/sudoers.d/runner"
chmod 440 "$machine/etc/sudoers.d/runner"
chmod 600 "$machine"/boot/vmlinuz-* 2>/dev/null || :
printf 'kport-planted-secret\n' | tee "$machine/home/runner/.netrc" >"$machine/home/runner/.ssh/id_ed25519"
cp -r "$source/." "$machine/workspace"
[ ! -d "$scratch/seed" ] || cp -r "$scratch/seed" "$machine/home/runner/.cache/kport"
chown -R 1001:1001 "$machine/home/runner"
chown -R 1002:1002 "$machine/workspace"
chmod -R a+rwX "$machine/workspace"
cp "$scratch/event.json" "$machine/home/runner/work/event.json"

mkdir -p "$scratch/result" "$machine/result" "$machine/outside"
mount --bind "$scratch/result" "$machine/result"

# Not chroot: a program in one may make no user namespace at all (unshare(2), EPERM).
cd "$machine"
pivot_root . outside
cd /
umount -l /outside

# As where AppArmor forbids it, no program of a plain user's may make a user namespace.
echo 0 >/proc/sys/user/max_user_namespaces
status=0
setpriv --reuid 1001 --regid 1001 --clear-groups env -i "$@" /action/node /action/dist/action.js || status=$?
echo "stand-in: max_user_namespaces is $(cat /proc/sys/user/max_user_namespaces) behind the step"
echo "stand-in: left behind: $(ls /usr/local/lib | grep kport || :)"
cat /workspace/kport-out/report.json >/result/report.json 2>/dev/null || :
exit "$status"
