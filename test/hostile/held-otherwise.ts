/** Hostile tests that no defence of defences.ts is taken out for, by file: each with the reason. */
export const HELD_OTHERWISE: Readonly<Record<string, readonly { test: RegExp; because: string }[]>> = {};
