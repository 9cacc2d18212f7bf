//! A school stands on one level at a time (T2.3): two promotions of one school do not count beside each other.

use crate::facts::OutputFact;
use crate::model::Programme;
use crate::state::EntryState;
use jiedui_kernel::{Code, Date, Mistake};

/// A promotion of the same school that stands in the way of another one.
#[derive(Debug, Clone, Copy)]
pub struct RaisedAlready<'a> {
    pub fact: &'a OutputFact,
    /// The level to which it raised the school.
    pub level: &'a str,
}

impl RaisedAlready<'_> {
    pub fn mistake(&self) -> Mistake {
        let level = self.level;
        Code::Overlap.says(format!(
            "这所学校升格为{level}的一条还在计入，一所学校一个时候只有一个层次；已再升格或已撤销的，请先在那一条登记。"
        ))
    }
}

/// The promotion among the `facts` of one school that counts on `day`, or from a later day on, so that `output` cannot
/// begin to count on that day. `None` where `output` raises nobody. `except` is the one that is being corrected.
pub fn raised_already<'a>(
    programme: &'a Programme,
    facts: &'a [OutputFact],
    (output, day): (&str, Date),
    except: &str,
) -> Option<RaisedAlready<'a>> {
    programme.output(output)?.raises_to.as_ref()?;
    facts.iter().filter(|fact| fact.id != except && fact.state != EntryState::Withdrawn).find_map(|fact| {
        let kind = programme.output(&fact.output)?;
        let level = kind.raises_to.as_deref()?;
        let later = || fact.stages.iter().any(|(stage, from)| *from > day && kind.counts_in(stage));
        (fact.stage_on(day).is_some_and(|at| kind.counts_in(at)) || later())
            .then_some(RaisedAlready { fact, level })
    })
}
