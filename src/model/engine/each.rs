//! Loops written out by a macro.

/// `each!(i in N { … })` writes the body out for i = 0 to N − 1, N at most 6. A build for
/// size unrolls no loops, and arrays that a loop indexes stay in memory, not in registers.
///
/// `each!(i in N to n { … })` allows any N, and loops up to n where N is more than 6; up to
/// there n must be N.
#[macro_export]
macro_rules! each {
    ($i:ident in $n:ident $body:block) => {
        const { assert!($n <= 6) };
        $crate::each!(@ $i $n $body 0 1 2 3 4 5)
    };
    ($i:ident in $n:ident to $len:ident $body:block) => {
        if $n <= 6 {
            $crate::each!(@ $i $n $body 0 1 2 3 4 5);
        } else {
            for $i in 0..$len $body
        }
    };
    (@ $i:ident $n:ident $body:block $($at:literal)*) => {
        $(if $at < $n {
            #[allow(non_upper_case_globals, reason = "a loop variable, known to the compiler")]
            const $i: usize = $at;
            $body
        })*
    };
}
pub use crate::each;
