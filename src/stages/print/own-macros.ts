/** Macros of the printer's own, for what C has and Rust has not. */
export const OWN_MACROS: Readonly<Record<string, string>> = {
  post_inc: `/// C's \`place++\` as a value.
macro_rules! post_inc {
    ($place:expr) => {{
        let before = $place;
        $place = before.wrapping_add(1);
        before
    }};
}`,
  post_dec: `/// C's \`place--\` as a value.
macro_rules! post_dec {
    ($place:expr) => {{
        let before = $place;
        $place = before.wrapping_sub(1);
        before
    }};
}`,
  case_ranges: `/// A value, or the first of the range of \`case low ... high:\` that it lies in.
macro_rules! case_ranges {
    ($value:expr; $($low:literal..=$high:literal),*) => {{
        let value = $value;
        $(if value >= $low && value <= $high { $low } else)* { value }
    }};
}`,
};
