/** What is done to the built object of a control, for what kbuild refuses to build. */

/** The bytes with one text replaced by another of the same length. */
export function replaced(ko: Buffer, from: string, to: string): Buffer {
  const at = ko.indexOf(from);
  if (at < 0) throw new Error(`the control has no ${JSON.stringify(from)} in it`);
  const out = Buffer.from(ko);
  out.write(to, at);
  return out;
}

/** The CRC that stands before a symbol's name in `__versions` (struct modversion_info: unsigned long crc; char name[56]), inverted. */
export function wrongVersion(ko: Buffer): Buffer {
  const at = ko.indexOf("module_layout\0");
  if (at < 8) throw new Error("the control has no version of module_layout in it");
  const out = Buffer.from(ko);
  out.writeUInt32LE(~out.readUInt32LE(at - 8) >>> 0, at - 8);
  return out;
}
