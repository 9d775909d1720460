/**
 * The files of a port as data: what the half that writes takes from the half that runs the module's code. Whoever wrote the module may have chosen
 * every byte of it, so a path that could leave the port's folder, or that git or a file system would read as another, is refused.
 */
import { z } from "zod";

/** What git knows a file as: plain, executable, symbolic link. */
export const MODES = ["100644", "100755", "120000"] as const;
export type Mode = (typeof MODES)[number];

export interface PortFile {
  mode: Mode;
  /** A symbolic link's is where it leads. */
  content: Buffer;
}

/** By path within the port's folder, with slashes. */
export type PortFiles = ReadonlyMap<string, PortFile>;

/** A port is some hundred kB in some tens of files; what is larger than these is not one. Bytes. */
const LARGEST_FILE = 8 * 1024 * 1024;
const LARGEST_PORT = 32 * 1024 * 1024;
const MOST_FILES = 5000;
/** Linux's NAME_MAX, and well below its PATH_MAX. */
const LONGEST_NAME = 255;
const LONGEST_PATH = 1000;

export const moduleName = z.string().regex(/^[\w-]{1,55}$/, "a module's name holds letters, digits, _ and - only");

/** The file of the artifact that holds the ports. */
export const portBundle = z.object({
  schemaVersion: z.literal(1),
  ports: z
    .array(
      z.object({
        module: moduleName,
        files: z
          .array(
            z.object({
              path: z.string(),
              mode: z.enum(MODES),
              /** Bytes. */ size: z.number().int().nonnegative(),
              /** In base64. */ content: z.string(),
            }),
          )
          .max(MOST_FILES),
      }),
    )
    .max(256),
});
export type PortBundle = z.infer<typeof portBundle>;

/** @throws Error that says what is wrong with the files. */
export function packPort(module: string, files: PortFiles): PortBundle["ports"][number] {
  checkFiles(files);
  return {
    module,
    files: [...files].map(([path, { mode, content }]) => ({
      path,
      mode,
      size: content.length,
      content: content.toString("base64"),
    })),
  };
}

/** @throws Error that says why the files are refused. */
export function unpackPort(port: PortBundle["ports"][number]): PortFiles {
  const files = new Map<string, PortFile>();
  for (const { path, mode, size, content } of port.files) {
    const bytes = Buffer.from(content, "base64");
    if (bytes.length !== size)
      throw new Error(`${JSON.stringify(path.slice(0, 200))} has ${bytes.length} bytes, and its entry says ${size}`);
    if (files.has(path)) throw new Error(`${JSON.stringify(path.slice(0, 200))} is there twice`);
    files.set(path, { mode, content: bytes });
  }
  checkFiles(files);
  return files;
}

/** @throws Error that names the first file that a port cannot have. */
function checkFiles(files: PortFiles): void {
  if (files.size === 0) throw new Error("it holds no file");
  if (files.size > MOST_FILES) throw new Error(`it has ${files.size} files, and a port has at most ${MOST_FILES}`);
  let total = 0;
  const folded = new Map<string, string>();
  for (const [path, { mode, content }] of files) {
    const shown = JSON.stringify(path.slice(0, 200));
    const why = pathRefusal(path) ?? (mode === "120000" ? linkRefusal(path, content) : undefined);
    if (why !== undefined) throw new Error(`${shown} ${why}`);
    if (content.length > LARGEST_FILE)
      throw new Error(`${shown} has ${content.length} bytes, and a port's file has at most ${LARGEST_FILE}`);
    total += content.length;
    // A file cannot lie below another, nor can two differ by their case only: a checkout on macOS or Windows would keep one.
    const double = folded.get(fold(path));
    if (double !== undefined)
      throw new Error(`${shown} and ${JSON.stringify(double)} are one file where case does not count`);
    folded.set(fold(path), path);
  }
  for (const path of files.keys()) {
    const above = parentsOf(path).find((parent) => folded.has(fold(parent)));
    if (above !== undefined) throw new Error(`${JSON.stringify(above)} is a file and a folder`);
  }
  if (total > LARGEST_PORT) throw new Error(`it has ${total} bytes, and a port has at most ${LARGEST_PORT}`);
}

/** The folders that a path lies in, the outermost first. */
export function parentsOf(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_, i) => names.slice(0, i + 1).join("/"));
}

/** Why a path is not one inside a folder of a repository, or undefined. */
export function pathRefusal(path: string): string | undefined {
  if (Buffer.byteLength(path) > LONGEST_PATH) return "is too long for a path";
  // Format characters are invisible, and HFS+ ignores some of them; a backslash or a colon means something to Windows.
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\\:]/u.test(path))
    return "holds a character that a path in a port cannot hold";
  for (const name of path.split("/")) {
    if (name === "" || name === "." || name === "..") return "does not name a file inside the port's folder";
    if (Buffer.byteLength(name) > LONGEST_NAME) return "is too long for a path";
    // Windows drops dots and blanks at the end, and knows `.git` by its short name too.
    if (/^(\.git|git~\d+)$/.test(fold(name).replace(/[. ]+$/, ""))) return "is git's own";
    if (fold(name) === ".github") return "is GitHub's own";
  }
  return undefined;
}

/** Why a link would lead out of the port's folder, or undefined. */
function linkRefusal(path: string, target: Buffer): string | undefined {
  const to = target.toString();
  if (to === "" || to.startsWith("/") || /[\p{Cc}\\]/u.test(to))
    return "is a link that does not lead to a file of the port";
  const names = to.split("/").filter((name) => name !== "" && name !== ".");
  const down = names.findIndex((name) => name !== "..");
  const up = down < 0 ? names.length : down;
  // No file lies below a link, so that these lead to folders; behind a name, which may be a link's, nobody can tell where `..` leads.
  if (up > path.split("/").length - 1 || names.slice(up).includes("..")) return "is a link that leads out of the port";
  return undefined;
}

function fold(path: string): string {
  return path.normalize("NFC").toLowerCase();
}
