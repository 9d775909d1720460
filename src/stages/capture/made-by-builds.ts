/** What kbuild and the stand-in make, and no compiler includes: names end so. */
const MADE_BY_BUILDS = [
  ".o",
  ".ko",
  ".a",
  ".mod",
  ".mod.c",
  ".cmd",
  ".d",
  ".facts",
  ".symvers",
  ".order",
  ".symversions",
];

/** Whether a file of this name is one of them. */
export function isMadeByBuilds(name: string): boolean {
  return MADE_BY_BUILDS.some((end) => name.endsWith(end));
}
