//! An exact fraction, as it is told to people.

use std::cmp::Ordering;

/// In lowest terms; the denominator is never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fraction {
    numerator: u128,
    denominator: u128,
}

impl Fraction {
    /// `denominator` is not zero.
    pub(crate) fn new(numerator: u128, denominator: u128) -> Self {
        let divisor = greatest_common_divisor(numerator, denominator);
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    pub(crate) fn whole(number: u128) -> Self {
        Self { numerator: number, denominator: 1 }
    }

    pub fn numerator(self) -> u128 {
        self.numerator
    }

    pub fn denominator(self) -> u128 {
        self.denominator
    }

    /// The whole number below it, or itself where it is whole.
    pub fn floor(self) -> u128 {
        self.numerator / self.denominator
    }

    pub fn is_whole(self) -> bool {
        self.denominator == 1
    }

    /// In hundredths, half up: for showing only, nothing is decided by it.
    pub fn hundredths(self) -> u128 {
        let rest = self.numerator % self.denominator;
        self.floor() * 100 + (rest * 200 + self.denominator) / (2 * self.denominator)
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Exact, and without multiplying: the whole parts are compared, then the rests upside down, as Euclid does.
impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut one, mut two) = (*self, *other);
        let mut turned = false;
        loop {
            let order = one.floor().cmp(&two.floor());
            let (rest, other_rest) = (one.numerator % one.denominator, two.numerator % two.denominator);
            let order = match (order, rest, other_rest) {
                (Ordering::Equal, 0, 0) => Ordering::Equal,
                (Ordering::Equal, 0, _) => Ordering::Less,
                (Ordering::Equal, _, 0) => Ordering::Greater,
                (Ordering::Equal, _, _) => {
                    one = Self { numerator: one.denominator, denominator: rest };
                    two = Self { numerator: two.denominator, denominator: other_rest };
                    turned = !turned;
                    continue;
                }
                (unequal, _, _) => unequal,
            };
            return if turned { order.reverse() } else { order };
        }
    }
}

/// At least 1, so that 0 of 0 divides nothing by zero.
fn greatest_common_divisor(mut one: u128, mut two: u128) -> u128 {
    while two != 0 {
        (one, two) = (two, one % two);
    }
    one.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_kept_in_lowest_terms_and_shown_half_up() {
        let third = Fraction::new(200, 600);
        assert_eq!((third.numerator(), third.denominator(), third.hundredths()), (1, 3, 33));
        assert_eq!(Fraction::new(2, 3).hundredths(), 67);
        assert_eq!(Fraction::new(1, 200).hundredths(), 1);
        assert_eq!(Fraction::new(1999, 1000).hundredths(), 200);
        assert_eq!(Fraction::new(0, 7), Fraction::whole(0));
    }

    #[test]
    fn fractions_too_large_to_multiply_are_compared_exactly() {
        let large = u128::MAX / 1_000;
        assert!(Fraction::new(large, large - 1) < Fraction::new(large - 1, large - 2));
        assert!(Fraction::new(7, 3) > Fraction::new(9, 4));
        assert!(Fraction::new(2, 1) < Fraction::new(5, 2));
        assert_eq!(Fraction::new(6, 4).cmp(&Fraction::new(3, 2)), Ordering::Equal);
    }
}
