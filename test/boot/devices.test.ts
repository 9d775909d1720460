import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { UserError } from "../../src/machine/errors.ts";
import { DEVICES, deviceArguments, devicesFor, devicesNamed } from "../../src/stages/boot/devices.ts";
import { bootModule } from "../../src/stages/boot/index.ts";
import { moduleIndex } from "../../src/stages/boot/module-index.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";

const kernel = await resolveKernel("6.1");
const aliases = (...alias: string[]) => ({ modinfo: new Map([["alias", alias]]) });
const own = (name: string): string => path.join(kernel.modulesDir ?? "", "kernel", name);

test("a driver gets the devices that its aliases name, and any other module none", () => {
  assert.deepEqual(
    devicesFor(aliases("pci:v00008086d0000100Esv*sd*bc*sc*i*", "pci:v00008086d00001004sv*sd*bc*sc*i*")).map(
      (d) => d.name,
    ),
    ["e1000"],
  );
  assert.deepEqual(
    devicesFor(aliases("usb:v*p*d*dc*dsc*dp*ic03isc*ip*in*")).map((d) => d.name),
    ["usb-kbd", "usb-mouse"],
  );
  assert.deepEqual(
    devicesFor(aliases("virtio:d00000004v*")).map((d) => d.name),
    ["virtio-rng-pci"],
  );
  assert.deepEqual(devicesFor(aliases("pci:v00001234d00009999sv*sd*bc*sc*i*", "fs-ext4", "*")), []);
  assert.deepEqual(
    devicesFor(aliases("i2c:24c02", "of:N*T*Catmel,24c02")).map((d) => d.name),
    ["smbus"],
  );
  assert.deepEqual(devicesFor({ modinfo: new Map() }), []);
});

test("the kernel has a driver for each of the devices, so their aliases are right", async () => {
  const index = await moduleIndex(kernel);
  const without = (
    await Promise.all(DEVICES.map(async (d) => ((await index.answer(d.alias)).length > 0 ? [] : [d.name])))
  ).flat();
  // edu is there to be driven by a module of one's own; the others' drivers are built in or not in Debian's kernels.
  assert.deepEqual(
    without,
    ["usb-wacom-tablet", "pci-serial", "edu"].filter((n) => without.includes(n)),
  );
});

test("an exercise names them, or none; another name is refused", () => {
  assert.deepEqual(
    devicesNamed("e1000 # the old one\n\nnvme\n", "devices").map((d) => d.name),
    ["e1000", "nvme"],
  );
  assert.deepEqual(devicesNamed("none\n", "devices"), []);
  assert.throws(
    () => devicesNamed("e1000,romfile=/etc/passwd\n", "x/devices"),
    (e) => e instanceof UserError && /^x\/devices: there is no device "e1000,romfile/.test(e.message),
  );
});

test("what two devices share is there once", () => {
  const words = deviceArguments(devicesNamed("usb-kbd\nusb-mouse\n", "devices"));
  assert.equal(words.filter((w) => w.startsWith("qemu-xhci")).length, 1);
  assert.deepEqual(words.slice(-2), ["-device", "usb-mouse,bus=kport-usb.0"]);
});

test("a driver finds its device in the guest, and none where the exercise says so", async () => {
  const exercise = { files: {}, command: "ls /sys/bus/pci/drivers/e1000 | grep -c 0000:" };
  const run = await bootModule({ ko: own("drivers/net/ethernet/intel/e1000/e1000.ko") }, kernel, {
    loads: 1,
    exercise,
  });
  assert.deepEqual([run.status, run.devices, run.exercise?.output], ["ok", ["e1000"], ["1"]], run.message);
  const bare = await bootModule({ ko: own("drivers/net/ethernet/intel/e1000/e1000.ko") }, kernel, {
    loads: 1,
    exercise: { ...exercise, devices: [] },
  });
  assert.deepEqual([bare.status, bare.devices, bare.exercise?.output], ["ok", undefined, ["0"]]);
});

test("every device can be had together with the driver of its bus", async () => {
  const seen = await bootModule({ ko: own("drivers/char/hw_random/virtio-rng.ko") }, kernel, {
    loads: 1,
    exercise: { files: {}, command: "cat /sys/bus/virtio/devices/*/modalias" },
  });
  assert.deepEqual([seen.status, seen.exercise?.output], ["ok", ["virtio:d00000004v00001AF4"]], seen.message);
});

test("the board's own bus is there where it is asked for, with an EEPROM for a driver", async () => {
  const command =
    "cd /sys/bus/i2c/devices && grep -l SMBus i2c-*/name && echo 24c02 0x50 > i2c-0/new_device && wc -c < 0-0050/eeprom && echo 0x50 > i2c-0/delete_device";
  const run = await bootModule({ ko: own("drivers/misc/eeprom/at24.ko") }, kernel, {
    loads: 1,
    exercise: { files: {}, command },
  });
  assert.deepEqual(
    [run.status, run.devices, run.exercise?.output],
    ["ok", ["smbus"], ["i2c-0/name", "256"]],
    run.message,
  );
  assert.deepEqual(deviceArguments(devicesNamed("smbus", "devices")), []);
});
