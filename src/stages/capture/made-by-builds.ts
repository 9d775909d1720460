/** What kbuild and the stand-in make, and no compiler includes: names end so. */
export const MADE_BY_BUILDS = [
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

/** An `#include` of anything but a header by its name, or what takes a file along as it is: a unit's text may come along. A comment may stand before it. */
const TAKES_OTHER =
  /(?:#|%:)[^\n"<]*?\b(?:embed\b|(?:include|include_next|import)\b(?![ \t]*(?:"[^"\n]*\.h"|<[^>\n]*\.h>)))|\.incbin\b/;

/** Whether what reads a text may read another unit's with it. */
export function takesOther(text: string): boolean {
  return TAKES_OTHER.test(text.replaceAll("\\\n", ""));
}
