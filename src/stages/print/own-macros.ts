/** Macros of the printer's own, for what C has and Rust has not. */
import { byName } from "../../machine/by-name.ts";

export const OWN_MACROS: Readonly<Record<string, string>> = byName({
  post_inc: `/// C's \`place++\` as a value.
macro_rules! post_inc {
    ($place:expr) => {{
        let before = $place;
        $place = before + 1;
        before
    }};
}`,
  post_dec: `/// C's \`place--\` as a value.
macro_rules! post_dec {
    ($place:expr) => {{
        let before = $place;
        $place = before - 1;
        before
    }};
}`,
  pre_inc: `/// C's \`++place\` as a value.
macro_rules! pre_inc {
    ($place:expr) => {{
        $place += 1;
        $place
    }};
}`,
  pre_dec: `/// C's \`--place\` as a value.
macro_rules! pre_dec {
    ($place:expr) => {{
        $place -= 1;
        $place
    }};
}`,
  post_add: `/// C's \`pointer++\` as a value.
macro_rules! post_add {
    ($pointer:expr) => {{
        let before = $pointer;
        $pointer = before.add(1);
        before
    }};
}`,
  post_sub: `/// C's \`pointer--\` as a value.
macro_rules! post_sub {
    ($pointer:expr) => {{
        let before = $pointer;
        $pointer = before.sub(1);
        before
    }};
}`,
  sizeof: `/// C's \`sizeof\`: of a place, which is not read, of a type, or of a member of one.
macro_rules! sizeof {
    (@member $type:ty, $($member:tt)+) => {{
        const fn size_of_member<T, M>(_at: fn(*const T) -> *const M) -> usize {
            size_of::<M>()
        }
        #[allow(unused_unsafe)]
        let size = size_of_member(|at: *const $type| unsafe { &raw const (*at).$($member)+ });
        size as core::ffi::c_ulong
    }};
    (struct $type:ty, $($member:tt)+) => {
        sizeof!(@member $type, $($member)+)
    };
    (union $type:ty, $($member:tt)+) => {
        sizeof!(@member $type, $($member)+)
    };
    (struct $type:ty) => {
        size_of::<$type>() as core::ffi::c_ulong
    };
    (union $type:ty) => {
        size_of::<$type>() as core::ffi::c_ulong
    };
    (type $type:ty) => {
        size_of::<$type>() as core::ffi::c_ulong
    };
    ($place:expr) => {{
        const fn size_of_pointee<T>(_place: *const T) -> usize {
            size_of::<T>()
        }
        size_of_pointee(&raw const $place) as core::ffi::c_ulong
    }};
}`,
  at: `/// C's \`array[index]\`, read: no bounds are checked.
macro_rules! at {
    ($array:expr, $index:expr) => {
        *first_of(&raw const $array).offset($index as isize)
    };
}

#[inline(always)]
pub(crate) const fn first_of<T, const N: usize>(array: *const [T; N]) -> *const T {
    array.cast()
}`,
  at_mut: `/// C's \`array[index]\`, written or pointed to: no bounds are checked.
macro_rules! at_mut {
    ($array:expr, $index:expr) => {
        *first_of_mut(&raw mut $array).offset($index as isize)
    };
}

#[inline(always)]
pub(crate) const fn first_of_mut<T, const N: usize>(array: *mut [T; N]) -> *mut T {
    array.cast()
}`,
  at_end: `/// Calls a function for a place when the scope ends, however it does: C's \`cleanup\` attribute.
macro_rules! at_end {
    ($place:expr, $function:ident) => {{
        let place = &raw mut $place;
        AtEnd(move || {
            $function(place.cast());
        })
    }};
}

pub(crate) struct AtEnd<F: FnMut()>(pub(crate) F);
impl<F: FnMut()> Drop for AtEnd<F> {
    #[inline(always)]
    fn drop(&mut self) {
        (self.0)();
    }
}`,
  is_null: `/// Whether an address is null; rustc knows nothing of it, where it would take it for settled that it is not.
macro_rules! is_null {
    ($address:expr) => {
        $crate::address::kport_address($address.cast::<core::ffi::c_void>()).is_null()
    };
}`,
  case_ranges: `/// A value, or the first of the range of \`case low ... high:\` that it lies in.
macro_rules! case_ranges {
    ($value:expr; $($low:literal..=$high:literal),*) => {{
        let value = $value;
        $(if value >= $low && value <= $high { $low } else)* { value }
    }};
}`,
});

/** And functions, which rustc computes when it compiles. */
export const OWN_FUNCTIONS: Readonly<Record<string, string>> = byName({
  chars_of: `/// The characters of a string, and zeros up to the end of the array.
pub(crate) const fn chars_of<const N: usize>(text: &str) -> [c_char; N] {
    let mut chars = [0; N];
    let mut i = 0;
    while i < text.len() {
        chars[i] = text.as_bytes()[i] as c_char;
        i += 1;
    }
    chars
}`,
  bytes_of: `/// The bytes of a string, and zeros up to the end of the array.
pub(crate) const fn bytes_of<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    let mut i = 0;
    while i < text.len() {
        bytes[i] = text.as_bytes()[i];
        i += 1;
    }
    bytes
}`,
});

/** Whether a function of those above does nothing unsafe. */
export function isSafeOwn(name: string): boolean {
  return name === "size_of_pointee" || name in OWN_FUNCTIONS;
}
