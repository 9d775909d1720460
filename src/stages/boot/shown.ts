/** Lines shown of one difference. */
export const SHOWN = 12;
