//! What pupils cost in a part of the province (S2.1): what was paid over how many pupils there are, each added up first, of the
//! schools of which both are known. No average of averages.

use jiedui_funding::each;
use jiedui_kernel::Reported;

/// What is known of one school in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchoolCost {
    /// Paid and confirmed, of the sources that count, in cents; nothing where nothing is recorded.
    pub paid: i64,
    /// Of the accepted year-profile.
    pub pupils: Reported<i64>,
}

/// Several schools together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CostSum {
    pub schools: i64,
    /// Of so many both are known: the sums are theirs alone.
    pub told: i64,
    paid: i64,
    pupils: i64,
}

impl CostSum {
    pub fn add(&mut self, one: SchoolCost) {
        self.schools += 1;
        let Some(pupils) = one.pupils.value().filter(|pupils| *pupils > 0 && one.paid > 0) else { return };
        self.told += 1;
        self.paid = self.paid.saturating_add(one.paid);
        self.pupils = self.pupils.saturating_add(pupils);
    }

    fn known(self, value: i64) -> Reported<i64> {
        if self.told > 0 { Reported::Value(value) } else { Reported::NotReported }
    }

    /// In cents.
    pub fn paid(self) -> Reported<i64> {
        self.known(self.paid)
    }

    pub fn pupils(self) -> Reported<i64> {
        self.known(self.pupils)
    }

    /// Cents for each pupil, rounded once at the end.
    pub fn each(self) -> Reported<i64> {
        each(self.paid, self.pupils).map_or(Reported::NotReported, Reported::Value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(schools: &[(i64, Reported<i64>)]) -> CostSum {
        let mut sum = CostSum::default();
        for (paid, pupils) in schools {
            sum.add(SchoolCost { paid: *paid, pupils: *pupils });
        }
        sum
    }

    #[test]
    fn only_schools_of_which_both_are_known_are_in_the_sums() {
        let known = [(10_000, Reported::Value(100)), (20_000, Reported::Value(300))];
        let of_two = sum(&known);
        assert_eq!((of_two.told, of_two.schools), (2, 2));
        assert_eq!(
            of_two.each(),
            Reported::Value(75),
            "the sum over the sum; the average of 100 and 67 is another"
        );
        let half = [(5_000, Reported::NotReported), (0, Reported::Value(90)), (7_000, Reported::Value(0))];
        let with_others = sum(&[&known[..], &half[..]].concat());
        assert_eq!((with_others.told, with_others.schools), (2, 5));
        assert_eq!(
            (with_others.paid(), with_others.pupils()),
            (Reported::Value(30_000), Reported::Value(400))
        );
        let nothing = sum(&half);
        assert_eq!([nothing.paid(), nothing.pupils(), nothing.each()], [Reported::NotReported; 3]);
    }
}
