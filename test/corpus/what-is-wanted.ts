/**
 * What a module that was built and not run would want, read in its sources: the report says with what its init ended, and not why. Rows of
 * modules that are not here say what the report says.
 */
import { byName } from "../../src/machine/by-name.ts";

const WHOLE_TEST = "a test, all of which runs in its init, which then fails so that the module does not stay";

export const WHAT_IS_WANTED: Record<string, string> = byName({
  bbswitch: "a second graphics card that ACPI switches, which QEMU has not",
  thinkpad_ec: "a ThinkPad: its name in DMI, and its embedded controller, which QEMU has not",
  tp_smapi: "thinkpad_ec, and so a ThinkPad",
  lime: "the parameters `path` and `format`, of which there is no default",
  "gost-test":
    "the ciphers of the five modules beside it, loaded before it: its init tests them all, and fails with EIO where one is missing",
  xt_CHAOS:
    "xt_TARPIT and xt_DELUDE of its package: it takes the error for a target that is not there for one, and puts that when it goes",
  xt_DNETMAP:
    "a kernel that has NAT built in (CONFIG_NF_NAT=y): where it is a module, as here, all that the init of 3.23 does is to return EINVAL",
  xt_pknock:
    "a modprobe that answers for hmac(sha256), or it returns ENXIO; the guest has one now, and the module was not run since",
  apfs: "nothing: its C module loads since the guest loads what a module needs (kport boot apfs.ko); the check was not run since",
  ramfs: "a kernel without ramfs: this one has it built in, and registers the name once",
  find_bit_benchmark: WHOLE_TEST,
  interval_tree_test: WHOLE_TEST,
  percpu_test: WHOLE_TEST,
  rbtree_test: WHOLE_TEST,
  "test-kstrtox": WHOLE_TEST,
  "test-string_helpers": WHOLE_TEST,
  test_ida: WHOLE_TEST,
});
