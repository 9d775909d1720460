/** Everything of a module that can be called, by what the guest shows and what the facts say. */
import type { Dictionary } from "../dictionary.ts";
import { type Image, imageOf } from "../images.ts";
import type { Offer } from "../offers.ts";
import { cipher } from "./ciphers.ts";
import { configfsGroup } from "./configfs.ts";
import { device } from "./devices.ts";
import { fileSystem, fileSystemOnImage } from "./file-systems.ts";
import { file } from "./files.ts";
import { genericFamily } from "./generic-netlink.ts";
import { keyType } from "./keys.ts";
import { linkKind } from "./links.ts";
import { networkInterface, protocolFamily } from "./networks.ts";
import type { Target } from "./target.ts";
import { action, classifier, discipline } from "./traffic-control.ts";

export type { Target } from "./target.ts";

/** @param images of file systems, by their names */
export function targetsOf(
  offers: readonly Offer[],
  dictionary: Dictionary,
  images: ReadonlyMap<string, Image> = new Map(),
): Target[] {
  const { configfs, netlink } = dictionary;
  return [
    ...offers.flatMap((o) => targetOf(o, images)),
    ...dictionary.families.map(protocolFamily),
    ...dictionary.keyTypes.map(keyType),
    ...configfs.groups.map((group) => configfsGroup(group, configfs.attributes)),
    ...netlink.families.map(genericFamily),
    ...netlink.links.map(linkKind),
    ...netlink.disciplines.map(discipline),
    ...netlink.classifiers.map(classifier),
    ...netlink.actions.map(action),
  ];
}

/** Images of the file systems on offer, where this machine can make some. */
export async function imagesFor(offers: readonly Offer[]): Promise<Map<string, Image>> {
  const found = new Map<string, Image>();
  for (const offer of offers) {
    const type = onDevice(offer);
    const image = type === undefined ? undefined : await imageOf(type);
    if (type !== undefined && image !== undefined) found.set(type, image);
  }
  return found;
}

/** What needs no device says `nodev` in front. */
function onDevice({ kind, name }: Offer): string | undefined {
  return kind === "list" ? /^\/proc\/filesystems:\t(.+)$/.exec(name)?.[1] : undefined;
}

function targetOf(offer: Offer, images: ReadonlyMap<string, Image>): Target[] {
  const { kind, mode, name } = offer;
  switch (kind) {
    case "character":
    case "block":
      return [device(name, kind)];
    case "file":
      return [file(name, mode)];
    case "folder": {
      const [, network] = /^\/sys\/class\/net\/([^/]+)$/.exec(name) ?? [];
      return network === undefined ? [] : [networkInterface(network)];
    }
    case "list": {
      const [, type] = /^\/proc\/filesystems:nodev\t(.+)$/.exec(name) ?? [];
      const device = onDevice(offer);
      if (device !== undefined) return [fileSystemOnImage(device, images.get(device))];
      return type === undefined ? [] : [fileSystem(type)];
    }
    case "cipher": {
      const [type = "", driver = ""] = name.split(" ");
      return cipher(type, driver);
    }
  }
}
