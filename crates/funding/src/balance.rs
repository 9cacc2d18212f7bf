//! Sums of flows, by whatever one cuts them.

use std::collections::BTreeMap;

/// What was said, and of that what the other side confirmed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    pub claimed: i64,
    pub confirmed: i64,
}

impl Amount {
    pub fn new(claimed: i64, confirmed: i64) -> Self {
        Self { claimed, confirmed }
    }

    /// An amount that nobody else has to confirm.
    pub fn sure(cents: i64) -> Self {
        Self::new(cents, cents)
    }

    fn add(&mut self, more: Self) {
        self.claimed = self.claimed.saturating_add(more.claimed);
        self.confirmed = self.confirmed.saturating_add(more.confirmed);
    }

    fn less(self, other: Self) -> Self {
        Self::new(self.claimed.saturating_sub(other.claimed), self.confirmed.saturating_sub(other.confirmed))
    }
}

/// At which step an amount is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The plan of a school needs it; a project may plan the same money, so the two are never added.
    Needed,
    Planned,
    Applied,
    Approved,
    /// Came of what was approved.
    Received,
    /// Came, and nothing that was approved carries it.
    Own,
    Paid,
    Returned,
    InKind,
}

impl Step {
    pub const ALL: [Self; 9] = [
        Self::Needed,
        Self::Planned,
        Self::Applied,
        Self::Approved,
        Self::Received,
        Self::Own,
        Self::Paid,
        Self::Returned,
        Self::InKind,
    ];
}

/// One amount at one step, with everything that one cuts by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    pub school: String,
    pub source: String,
    /// "" where it hangs on none.
    pub project: String,
    pub year: i32,
    pub step: Step,
    pub amount: Amount,
}

/// What flows add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    pub needed: Amount,
    pub planned: Amount,
    pub applied: Amount,
    pub approved: Amount,
    pub received: Amount,
    pub own: Amount,
    pub paid: Amount,
    pub returned: Amount,
    pub in_kind: Amount,
}

impl Balance {
    pub fn add(&mut self, step: Step, amount: Amount) {
        self.at(step).add(amount);
    }

    pub fn merge(&mut self, other: &Self) {
        for step in Step::ALL {
            self.add(step, other.of(step));
        }
    }

    fn at(&mut self, step: Step) -> &mut Amount {
        match step {
            Step::Needed => &mut self.needed,
            Step::Planned => &mut self.planned,
            Step::Applied => &mut self.applied,
            Step::Approved => &mut self.approved,
            Step::Received => &mut self.received,
            Step::Own => &mut self.own,
            Step::Paid => &mut self.paid,
            Step::Returned => &mut self.returned,
            Step::InKind => &mut self.in_kind,
        }
    }

    pub fn of(&self, step: Step) -> Amount {
        let mut copy = *self;
        *copy.at(step)
    }

    /// All that came.
    pub fn arrived(&self) -> Amount {
        let mut sum = self.received;
        sum.add(self.own);
        sum
    }

    /// What was approved and has not come.
    pub fn outstanding(&self) -> Amount {
        self.approved.less(self.received)
    }

    /// What came, and was neither paid nor given back. Below zero where receipts were corrected after they had been paid out.
    pub fn left(&self) -> Amount {
        self.arrived().less(self.paid).less(self.returned)
    }

    /// How far it has come. `over`: nothing more is expected of what is outstanding.
    pub fn stage(&self, over: bool) -> Stage {
        let used = self.paid.claimed > 0 || self.returned.claimed > 0;
        let settled = self.left().claimed <= 0 && (over || self.outstanding().claimed <= 0);
        if used {
            return if settled { Stage::Closed } else { Stage::Spent };
        }
        if self.arrived().claimed > 0 {
            Stage::Arrived
        } else if self.approved.claimed > 0 {
            Stage::Approved
        } else if self.applied.claimed > 0 {
            Stage::Applied
        } else {
            Stage::Idea
        }
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The way of a money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    Idea,
    Applied,
    Approved,
    Arrived,
    /// Some of it was paid.
    Spent,
    /// All that came was paid or given back, and nothing more is expected.
    Closed,
}

impl Stage {
    pub const ALL: [Self; 6] =
        [Self::Idea, Self::Applied, Self::Approved, Self::Arrived, Self::Spent, Self::Closed];
}

/// The balance of each group of flows.
pub fn by<K: Ord>(flows: &[Flow], key: impl Fn(&Flow) -> K) -> BTreeMap<K, Balance> {
    let mut found: BTreeMap<K, Balance> = BTreeMap::new();
    for flow in flows {
        found.entry(key(flow)).or_default().add(flow.step, flow.amount);
    }
    found
}

pub fn total<'f>(flows: impl IntoIterator<Item = &'f Flow>) -> Balance {
    let mut sum = Balance::default();
    for flow in flows {
        sum.add(flow.step, flow.amount);
    }
    sum
}
