/** What the corpus run checks: real modules, by the names that their packages and the kernel's tree have for them. */

/**
 * Debian packages of third-party modules. A module of hardware that no virtual machine has is here too: both sides must refuse to load alike.
 * `make` is for a package whose own files say nowhere how it is built by hand.
 */
export interface DkmsModule {
  package: string;
  make?: string;
}

export const dkmsModules: readonly DkmsModule[] = [
  ...[
    "acpi-call",
    "adv-17v35x",
    "apfs",
    "bbswitch",
    "ddcci",
    "digimend",
    "dm-writeboost",
    "dpdk-kmods",
    "evdi",
    "falcosecurity-scap",
    "gost-crypto",
    "iptables-netflow",
    "jool",
    "langford",
    "leds-alix",
    "lenovolegionlinux",
    "librem-ec-acpi",
    "lime-forensics",
    "mimic",
    "mstflint",
    "nat-rtsp",
  ].map(dkms),
  ...[
    "openrazer-driver",
    "openvpn-dco",
    "rapiddisk",
    "rtpengine-kernel",
    "tp-smapi",
    "v4l2loopback",
    "vhba",
    "vpoll",
    "west-chamber",
    "xone",
    "xpadneo",
    "xtables-addons",
    "xtrx",
    "yt6801",
  ].map(dkms),
];

function dkms(name: string): DkmsModule {
  return { package: `${name}-dkms` };
}

/**
 * A module of the kernel's own tree, built alone as an out-of-tree module.
 * `parts` is for what lies in the kernel image rather than in a module: these files become one module (with its own test, where the tree has
 * one), and what they export gets names of its own, because the kernel does not load a second definition.
 */
export interface InTreeModule {
  /** Folder of the tree. */
  from: string;
  name: string;
  parts?: readonly string[];
}

export const inTreeModules: readonly InTreeModule[] = [
  ...modules("lib/math", "cordic prime_numbers"),
  image("lib/math", "lib_math", "gcd lcm int_pow int_sqrt reciprocal_div"),
  image("lib/math", "lib_rational", "rational"),
  image("lib", "lib_sort", "sort"),
  image("lib", "lib_xxhash", "xxhash"),
  image("lib", "lib_glob", "glob globtest"),
  image("lib", "lib_hexdump", "hexdump test_hexdump"),
  image("lib", "lib_siphash", "siphash"),
  image("lib", "lib_parman", "parman test_parman"),
  ...modules("lib", "test-kstrtox test_siphash"),
  ...modules("lib", "crc4 crc7 crc8 crc16 crc-itu-t crc64 bch ts_bm ts_fsm ts_kmp"),
  ...modules(
    "lib",
    "atomic64_test crc32test find_bit_benchmark interval_tree_test percpu_test rbtree_test test_bitmap test_bitops test_bpf test_firmware test_free_pages test_ida test_kmod test_memcat_p test_meminit",
  ),
  ...modules(
    "lib",
    "test_min_heap test_module test_printf test_rhashtable test_scanf test_static_key_base test_static_keys test_string test-string_helpers test_strscpy test_sysctl test_user_copy test_uuid test_vmalloc test_xarray",
  ),
  ...modules("lib/reed_solomon", "reed_solomon test_rslib"),
  ...modules("lib/lz4", "lz4_compress lz4hc_compress"),
  image("fs/ramfs", "ramfs", "inode file-mmu"),
  ...[
    "adfs",
    "affs",
    "befs",
    "bfs",
    "coda",
    "cramfs",
    "efs",
    "exfat",
    "hfs",
    "hfsplus",
    "hpfs",
    "isofs",
    "minix",
    "omfs",
    "qnx4",
    "qnx6",
    "romfs",
    "squashfs",
    "sysv",
    "ufs",
  ].map((name) => ({ from: `fs/${name}`, name })),
  ...modules("fs/fat", "fat msdos vfat"),
  ...modules("fs/nls", "nls_cp437 nls_iso8859-1"),
  ...modules(
    "crypto",
    "anubis blowfish_common blowfish_generic camellia_generic cast5_generic crc32c_generic crc32_generic crypto_null deflate fcrypt khazad md4 michael_mic rmd160 seed serpent_generic tea twofish_common twofish_generic wp512 xxhash_generic",
  ),
  ...modules("drivers/block", "brd loop"),
  { from: "drivers/block/null_blk", name: "null_blk" },
  { from: "drivers/block/zram", name: "zram" },
  ...modules("drivers/char", "ttyprintk"),
  ...modules("drivers/hid", "hid-a4tech hid-cherry hid-kye"),
  ...modules("drivers/net", "dummy ifb nlmon veth"),
  ...modules("drivers/net/can", "vxcan"),
  ...modules("net/ipv4", "tcp_bic tcp_vegas tcp_westwood"),
  ...modules("net/netfilter", "nf_log_syslog xt_comment xt_mark"),
  ...modules("net/sched", "act_gact act_skbedit sch_codel"),
];

function modules(from: string, names: string): InTreeModule[] {
  return names.split(" ").map((name) => ({ from, name }));
}

/** The module is named other than its parts, as kbuild wants it. */
function image(from: string, name: string, parts: string): InTreeModule {
  return { from, name, parts: parts.split(" ") };
}

/** The kernels of the matrix, each with the Debian suites that a third-party module of its day is in, best first; "" is this machine's own. */
export const kernels: readonly {
  version: string;
  suites: readonly string[];
  source: { package: string; suite: string };
}[] = [
  { version: "6.1", suites: ["", "trixie", "sid"], source: { package: "linux-source-6.1", suite: "" } },
  {
    version: "6.12",
    suites: ["trixie", "sid", ""],
    source: { package: "linux-source-6.12", suite: "bookworm-backports" },
  },
  { version: "7.2", suites: ["sid", "trixie", ""], source: { package: "linux-source-7.2", suite: "sid" } },
];
