/** What of our environment a child gets. */

/**
 * What a child may know of our environment. Everything else is dropped: the module's makefile is a stranger's code,
 * and a workflow's environment holds tokens (GITHUB_TOKEN, ACTIONS_RUNTIME_TOKEN, cloud keys) under names nobody can list.
 */
export const INHERITED = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "TMPDIR",
  "TZ",
  "TERM",
  "RUSTUP_HOME",
  "CARGO_HOME",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "SSL_CERT_FILE",
  "NODE_EXTRA_CA_CERTS",
];
/** Of those, what a sandboxed child gets: nothing that names a proxy, which may carry a password. */
export const INHERITED_IN_SANDBOX = ["PATH", "TZ", "TERM"];

/** Those of our variables that are set. */
export function pick(names: readonly string[]): Record<string, string> {
  const out: Record<string, string> = {};
  for (const n of names) {
    const v = process.env[n];
    if (v !== undefined) out[n] = v;
  }
  return out;
}
