/** Everything of a module that can be called, by what the guest shows and what the facts say. */
import type { Dictionary } from "../dictionary.ts";
import type { Offer } from "../offers.ts";
import { cipher } from "./ciphers.ts";
import { device } from "./devices.ts";
import { fileSystem } from "./file-systems.ts";
import { file } from "./files.ts";
import { genericFamily } from "./generic-netlink.ts";
import { keyType } from "./keys.ts";
import { linkKind } from "./links.ts";
import { networkInterface, protocolFamily } from "./networks.ts";
import type { Target } from "./target.ts";
import { action, classifier, discipline } from "./traffic-control.ts";

export type { Target } from "./target.ts";

export function targetsOf(offers: readonly Offer[], dictionary: Dictionary): Target[] {
  const { netlink } = dictionary;
  return [
    ...offers.flatMap(targetOf),
    ...dictionary.families.map(protocolFamily),
    ...dictionary.keyTypes.map(keyType),
    ...netlink.families.map(genericFamily),
    ...netlink.links.map(linkKind),
    ...netlink.disciplines.map(discipline),
    ...netlink.classifiers.map(classifier),
    ...netlink.actions.map(action),
  ];
}

function targetOf({ kind, mode, name }: Offer): Target[] {
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
      // What needs no device says so in front.
      const [, type] = /^\/proc\/filesystems:nodev\t(.+)$/.exec(name) ?? [];
      return type === undefined ? [] : [fileSystem(type)];
    }
    case "cipher": {
      const [type = "", driver = ""] = name.split(" ");
      return cipher(type, driver);
    }
  }
}
