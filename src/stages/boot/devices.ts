/**
 * Devices that a guest can be given, by their names in QEMU: those that the module has a driver for, or those that its exercise asks for.
 * QEMU's own options are ours alone: a file of an exercise's only picks names out of this list.
 */
import { UserError } from "../../machine/errors.ts";
import type { ModuleFile } from "./module-file.ts";
import { globMatcher, underscored } from "./module-index.ts";

export interface Device {
  name: string;
  /** As the kernel will name it in /sys/…/modalias. */
  alias: string;
  /** QEMU's arguments besides `-device NAME`, and the options of that. */
  options?: string;
  backend?: readonly string[];
  /** What the kernel needs before the device can be found: the driver of its bus. */
  bus?: readonly string[];
  /** The machine has it, whatever QEMU is told. */
  isOnBoard?: true;
  /** How aliases of drivers begin whose devices sit on it. */
  carries?: string;
}

const hex = (n: number, digits: number): string => n.toString(16).toUpperCase().padStart(digits, "0");
const pci = (vendor: number, device: number, kind: string): string =>
  `pci:v${hex(vendor, 8)}d${hex(device, 8)}sv00001AF4sd00001100bc${kind.slice(0, 2)}sc${kind.slice(2, 4)}i${kind.slice(4) || "00"}`;
const usb = (vendor: string, product: string, kind: string): string =>
  `usb:v${vendor}p${product}d0000dc00dsc00dp00ic${kind.slice(0, 2)}isc${kind.slice(2, 4)}ip${kind.slice(4)}in00`;
const virtio = (id: number): string => `virtio:d${hex(id, 8)}v00001AF4`;

/** A disk of zeros: nothing is kept of what is written. */
const DISK = ["-blockdev", "driver=null-co,node-name=kport-disk,size=16777216,read-zeroes=on"];
const ON_USB = { options: "bus=kport-usb.0", backend: ["-device", "qemu-xhci,id=kport-usb"], bus: ["xhci_pci"] };
const ON_VIRTIO = { bus: ["virtio_pci"] };

export const DEVICES: readonly Device[] = [
  // Net.
  { name: "e1000", alias: pci(0x8086, 0x100e, "0200") },
  { name: "e1000e", alias: pci(0x8086, 0x10d3, "0200") },
  { name: "rtl8139", alias: pci(0x10ec, 0x8139, "0200") },
  { name: "pcnet", alias: pci(0x1022, 0x2000, "0200") },
  { name: "ne2k_pci", alias: pci(0x10ec, 0x8029, "0200") },
  { name: "tulip", alias: pci(0x1011, 0x0019, "0200") },
  { name: "i82557b", alias: pci(0x8086, 0x1229, "0200") },
  { name: "vmxnet3", alias: pci(0x15ad, 0x07b0, "0200") },
  { name: "usb-net", alias: usb("0525", "A4A2", "020600"), ...ON_USB },
  { name: "virtio-net-pci", alias: virtio(1), ...ON_VIRTIO },
  // Block.
  { name: "virtio-blk-pci", alias: virtio(2), options: "drive=kport-disk", backend: DISK, ...ON_VIRTIO },
  { name: "nvme", alias: pci(0x1b36, 0x0010, "010802"), options: "drive=kport-disk,serial=kport", backend: DISK },
  { name: "virtio-scsi-pci", alias: virtio(8), ...ON_VIRTIO },
  { name: "megasas", alias: pci(0x1000, 0x0060, "0104") },
  { name: "mptsas1068", alias: pci(0x1000, 0x0054, "0100") },
  { name: "lsi53c895a", alias: pci(0x1000, 0x0012, "0100") },
  { name: "pvscsi", alias: pci(0x15ad, 0x07c0, "0100") },
  { name: "am53c974", alias: pci(0x1022, 0x2020, "0100") },
  { name: "sdhci-pci", alias: pci(0x1b36, 0x0007, "0805") },
  {
    name: "usb-storage",
    alias: usb("46F4", "0001", "080650"),
    options: "bus=kport-usb.0,drive=kport-disk",
    backend: [...DISK, ...ON_USB.backend],
    bus: ON_USB.bus,
  },
  // Sound.
  { name: "intel-hda", alias: pci(0x8086, 0x2668, "0403") },
  { name: "AC97", alias: pci(0x8086, 0x2415, "0401") },
  { name: "ES1370", alias: pci(0x1274, 0x5000, "0401") },
  { name: "usb-audio", alias: usb("46F4", "0002", "010100"), ...ON_USB },
  // Input and serial lines.
  { name: "usb-kbd", alias: usb("0627", "0001", "030101"), ...ON_USB },
  { name: "usb-mouse", alias: usb("0627", "0001", "030102"), ...ON_USB },
  { name: "usb-tablet", alias: usb("0627", "0001", "030000"), ...ON_USB },
  { name: "usb-wacom-tablet", alias: usb("056A", "0000", "030102"), ...ON_USB },
  { name: "virtio-keyboard-pci", alias: virtio(18), ...ON_VIRTIO },
  { name: "pci-serial", alias: pci(0x1b36, 0x0002, "0700") },
  { name: "virtio-serial-pci", alias: virtio(3), ...ON_VIRTIO },
  // Graphics.
  { name: "bochs-display", alias: pci(0x1234, 0x1111, "0380") },
  { name: "cirrus-vga", alias: pci(0x1013, 0x00b8, "0300") },
  { name: "virtio-gpu-pci", alias: virtio(16), ...ON_VIRTIO },
  // Buses.
  { name: "qemu-xhci", alias: pci(0x1b36, 0x000d, "0C0330") },
  { name: "usb-ehci", alias: pci(0x8086, 0x24cd, "0C0320") },
  { name: "pci-ohci", alias: pci(0x106b, 0x003f, "0C0310") },
  { name: "piix3-usb-uhci", alias: pci(0x8086, 0x7020, "0C0300") },
  // Others.
  { name: "virtio-rng-pci", alias: virtio(4), ...ON_VIRTIO },
  { name: "virtio-balloon-pci", alias: virtio(5), ...ON_VIRTIO },
  { name: "i6300esb", alias: pci(0x8086, 0x25ab, "0880") },
  { name: "pvpanic-pci", alias: pci(0x1b36, 0x0011, "0800") },
  { name: "edu", alias: pci(0x1234, 0x11e8, "00FF") },
  // With eight EEPROMs of 256 bytes, from address 0x50; a driver is given one through the bus's `new_device`.
  { name: "smbus", alias: pci(0x8086, 0x2930, "0C0500"), bus: ["i2c_i801"], isOnBoard: true, carries: "i2c:" },
  {
    name: "pci-ipmi-kcs",
    alias: pci(0x1234, 0x1111, "0C0701"),
    options: "bmc=kport-bmc",
    backend: ["-device", "ipmi-bmc-sim,id=kport-bmc"],
  },
];

/** A driver of everything needs one or two to be seen. */
const MOST = 2;

/** The devices of the list that the module says it drives, the first ones. */
export function devicesFor(module: Pick<ModuleFile, "modinfo">): Device[] {
  const aliases = module.modinfo.get("alias") ?? [];
  const drives = aliases.filter((a) => /^(?:pci|usb|virtio):/.test(a)).map(globMatcher);
  return DEVICES.filter(
    (d) =>
      drives.some((matches) => matches(underscored(d.alias))) ||
      (d.carries !== undefined && aliases.some((a) => a.startsWith(d.carries as string))),
  ).slice(0, MOST);
}

/** A PCI bus has 32 slots, and the machine's own devices take some (PCI_SLOT_MAX, QEMU's include/hw/pci/pci.h). */
const MOST_DEVICES = 16;

/**
 * The devices that an exercise's file names, one a line; `none` stands for none at all.
 * @throws UserError with the line that is no name of the list
 */
export function devicesNamed(text: string, file: string): Device[] {
  const names = text
    .split("\n")
    .map((l) => l.replace(/#.*/, "").trim())
    .filter((l) => l !== "");
  if (names.length === 1 && names[0] === "none") return [];
  if (names.length > MOST_DEVICES)
    throw new UserError(`${file}: names ${names.length} devices, and a guest has room for ${MOST_DEVICES}`);
  return names.map((name) => {
    const found = DEVICES.find((d) => d.name === name);
    if (found === undefined)
      throw new UserError(
        `${file}: there is no device ${JSON.stringify(name.slice(0, 80))}; write none, or some of ${DEVICES.map((d) => d.name).join(", ")}, one a line`,
      );
    return found;
  });
}

/** QEMU's arguments for them; what two share is there once. */
export function deviceArguments(devices: readonly Device[]): string[] {
  const backends = new Map(devices.flatMap((d) => pairs(d.backend ?? [])).map((pair) => [pair.join(" "), pair]));
  return [
    ...[...backends.values()].flat(),
    ...devices
      .filter((d) => d.isOnBoard !== true)
      .flatMap((d) => ["-device", `${d.name}${d.options === undefined ? "" : `,${d.options}`}`]),
  ];
}

function pairs(words: readonly string[]): string[][] {
  return Array.from({ length: words.length / 2 }, (_, i) => words.slice(2 * i, 2 * i + 2));
}
