/** What c2rust 0.21 prints otherwise than 0.22, for which all other rules are written. */
import semver from "semver";

/**
 * 0.21 names crates `core::` and `libc::`, 0.22 `::core::` and `::libc::`. And 0.21 ends a statement expression whose value is a call that nobody uses
 * (`({ f(); });`) in a `compile_error!` instead of the unit value; where someone does use it, the unit value does not compile either.
 */
export function asNewer(rust: string, version: string): string {
  if (semver.gte(version, "0.22.0")) return rust;
  return rust.replaceAll(/(?<![\w:])(core|libc)::(?=\w)/g, "::$1::").replaceAll(/compile_error!\("[\w ]+ (?:is not supposed to be|not) used"\)/g, "()");
}
