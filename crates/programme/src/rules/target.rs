//! How a figure stands to a target (G2, G3).

use crate::model::Aim;
use crate::readings::Standing;
use jiedui_kernel::Reported;

/// Decision "Targets": what is not issued is never judged, "about" has neither pass nor fail, and a range is reached
/// from its lower end on, more being no failure. A figure that is not known gives no verdict of its own.
pub fn standing(aim: Aim, figure: Reported<i64>) -> Standing {
    let low = match aim {
        Aim::NotIssued => return Standing::NotIssued,
        Aim::NoMeasure => return Standing::NoVerdict,
        Aim::AtLeast { value } | Aim::About { value } | Aim::Range { low: value, .. } => value,
    };
    match (figure, aim) {
        (Reported::Value(_), Aim::About { .. }) => Standing::NoVerdict,
        (Reported::Value(value), _) if value >= low => Standing::Reached,
        (Reported::Value(_), _) => Standing::NotYet,
        _ => Standing::NotReported,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_neither_reached_nor_missed() {
        let at_least = Aim::AtLeast { value: 9600 };
        assert_eq!(standing(at_least, Reported::Value(9600)), Standing::Reached);
        assert_eq!(standing(at_least, Reported::Value(9599)), Standing::NotYet);
        assert_eq!(standing(at_least, Reported::NotReported), Standing::NotReported);
        assert_eq!(standing(Aim::NotIssued, Reported::Value(5)), Standing::NotIssued);
        assert_eq!(standing(Aim::About { value: 38_000 }, Reported::Value(1)), Standing::NoVerdict);
        assert_eq!(standing(Aim::About { value: 38_000 }, Reported::Pending), Standing::NotReported);
        let range = Aim::Range { low: 3, high: 4 };
        assert_eq!(standing(range, Reported::Value(2)), Standing::NotYet);
        assert_eq!(standing(range, Reported::Value(5)), Standing::Reached);
    }
}
