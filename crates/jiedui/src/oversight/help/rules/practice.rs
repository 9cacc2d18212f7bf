//! What may be practised on a demonstration: a situation, the account that is in it, and what to try.

use chrono::{Datelike as _, Months};
use jiedui_kernel::Date;

/// How far the day of a demonstration is moved on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stride {
    Day,
    Week,
    /// To the first day of the next month, so that this one is over.
    Month,
}

impl Stride {
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    pub const fn id(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Day => "过一天",
            Self::Week => "过一周",
            Self::Month => "到下个月第一天",
        }
    }

    /// By its id; none where there is no such.
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stride| stride.id() == id)
    }

    /// How many days it is from a day.
    pub fn days(self, from: Date) -> u32 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => {
                let next = from.checked_add_months(Months::new(1)).and_then(|day| day.with_day(1));
                next.and_then(|next| u32::try_from((next - from).num_days()).ok()).unwrap_or(1)
            }
        }
    }
}

/// What is looked for among the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sought {
    /// The oldest claim that waits for the caller's answer.
    Waiting,
    /// A claim of the caller's that the other side disputes.
    Disputed,
    /// A clock of the caller's that is missed, or about to be.
    Late,
    /// A month that waits for the caller.
    Month,
}

#[derive(Debug, Clone, Copy)]
pub struct Situation {
    pub sought: Sought,
    pub title: &'static str,
    /// Whose account of the demonstration is in it.
    pub role: &'static str,
    /// Where all of the kind stand.
    pub list: &'static str,
    pub tries: &'static str,
}

pub const SITUATIONS: &[Situation] = &[
    Situation {
        sought: Sought::Waiting,
        title: "数量对不上的一条",
        role: "county_school",
        list: "/entries?waiting=me",
        tries: "对方登记的工作等本校答复。先试部分确认，写一句理由；再打开它，在办理记录里看两个数怎样分开写。",
    },
    Situation {
        sought: Sought::Disputed,
        title: "有异议的一条",
        role: "lead",
        list: "/",
        tries: "学校对登记提出了异议。看理由，试着更正以后请对方再看；也可以接受，或者撤回。然后换县级院校的账号看对方收到什么。",
    },
    Situation {
        sought: Sought::Late,
        title: "快到时限的履职",
        role: "lead",
        list: "/clocks",
        tries: "看还差几次、离时限还有多久。登记一次工作，回来看它变成“已开展，待确认”；换县级院校的账号确认，再回来看一眼。也可以让日子往后走，看没有办的怎样变成逾期。",
    },
    Situation {
        sought: Sought::Month,
        title: "月末的接收",
        role: "province",
        list: "/months",
        tries: "县局、市局接收过的到了省办这一步。先看“问题、更正与核对提示”一栏，再接收一所；另一所退回去写明理由，看它在办理记录里怎样写。把日子拨到下个月，就轮到这个月。",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_over_on_the_first_day_of_the_next() {
        for (from, days) in [("2026-11-24", 7), ("2026-12-01", 31), ("2027-01-31", 1)] {
            assert_eq!(Stride::Month.days(from.parse().unwrap()), days, "{from}");
        }
        assert!(Stride::ALL.into_iter().all(|stride| Stride::of(stride.id()) == Some(stride)));
        assert_eq!(Stride::of("back"), None);
    }
}
