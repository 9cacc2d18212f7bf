//! Amounts over numbers, exact until the one rounding at the end.

/// Cents for each of so many, rounded half up; none where there is nobody.
pub fn each(cents: i64, number: i64) -> Option<i64> {
    rounded(cents, 1, number)
}

/// A part of a whole in hundredths of a per cent, rounded half up; none of nothing.
pub fn basis_points(part: i64, whole: i64) -> Option<i64> {
    rounded(part, 10_000, whole)
}

fn rounded(value: i64, times: i64, by: i64) -> Option<i64> {
    if by <= 0 {
        return None;
    }
    let (value, by) = (i128::from(value) * i128::from(times), i128::from(by));
    i64::try_from((2 * value + by).div_euclid(2 * by)).ok()
}
