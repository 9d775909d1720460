/** What GitHub's API says when it refuses. */

/** The HTTP status an API error carries, if it is one. */
export function statusOf(error: unknown): number | undefined {
  return typeof error === "object" && error !== null && "status" in error && typeof error.status === "number"
    ? error.status
    : undefined;
}

/** Whether GitHub refused because the token may only read (a fork's pull request, Dependabot's, or missing `permissions`). */
export function isReadOnly(error: unknown): boolean {
  const status = statusOf(error);
  return (status === 403 || status === 401) && !/rate limit/i.test(String(error));
}
