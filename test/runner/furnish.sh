#!/bin/sh
# Makes what Debian's packages have unpacked into a hosted runner's machine, once: users, secrets, Rust as rustup has it. $1 is its root.
set -eu
machine=$1
home=$machine/home/runner

# The runner's user, who may be root unasked, and another one that the workspace belongs to.
printf 'runner:x:1001:1001::/home/runner:/bin/bash\nother:x:1002:1002::/:/bin/sh\n' >>"$machine/etc/passwd"
printf 'runner:x:1001:\nother:x:1002:\n' >>"$machine/etc/group"
printf 'runner:*:20000:0:99999:7:::\n' >>"$machine/etc/shadow"
printf 'runner ALL=(ALL) NOPASSWD: ALL\n' >"$machine/etc/sudoers.d/runner"
chmod 440 "$machine/etc/sudoers.d/runner"
mkdir -p "$home/.ssh" "$home/.aws" "$home/.cache" "$home/work"
for secret in .netrc .ssh/id_ed25519 .aws/credentials .git-credentials; do echo kport-planted-secret >"$home/$secret"; done

# The machine's own kernel: an image that only root may read, and nothing to build against.
mkdir -p "$machine/lib/modules/6.8.0-1021-azure" "$machine/boot"
echo azure >"$machine/boot/vmlinuz-6.8.0-1021-azure"
chmod 600 "$machine/boot/vmlinuz-6.8.0-1021-azure"

# Rust as rustup leaves it, in the home folder and nowhere else: Debian's files, moved there.
toolchain=$home/.rustup/toolchains/stable-x86_64-unknown-linux-gnu
mkdir -p "$toolchain/bin" "$toolchain/lib"
for program in rustc cargo rustfmt; do mv "$machine/usr/bin/$program" "$toolchain/bin"; done
mv "$machine"/usr/lib/x86_64-linux-gnu/librustc_driver-*.so "$machine/usr/lib/rustlib" "$toolchain/lib"
rm -rf "$toolchain/lib/rustlib/src"
mkdir -p "$toolchain/lib/rustlib/src/rust"
mv "$machine"/usr/src/rustc-*/library "$toolchain/lib/rustlib/src/rust"
chroot "$machine" patchelf --set-rpath '$ORIGIN/../lib' "${toolchain#"$machine"}/bin/rustc" "${toolchain#"$machine"}/bin/rustfmt"
chown -R 1001:1001 "$home"

# What is lent of this machine lies below its root's home folder.
chmod 711 "$machine/root"
