//! What a chain is called, who says what it serves, and what on it is of which kind.

use crate::network::enterprises::rules::evened;
use jiedui_kernel::{Actor, Code, Mistake, Unit};
use jiedui_programme::Programme;

/// A longer one is no name.
const LONGEST: usize = 60;

/// The one chain that a field names: the name as it was typed, and evened.
pub fn name<'a>(label: &str, typed: &'a str) -> Result<(&'a str, String), Mistake> {
    let typed = typed.trim();
    let evened = evened(typed);
    let length = typed.chars().count();
    match () {
        () if evened.is_empty() => Err(Mistake::missing(label)),
        () if length > LONGEST => Err(Mistake::too_long(label, LONGEST, length)),
        () if typed.contains(['、', '；', ';', '\n']) => {
            Err(Code::TooMany.says("一项只写一条链；在几条链上的，各登各的。"))
        }
        () => Ok((typed, evened)),
    }
}

/// Whether the caller may say which category a chain serves: the province, and the bureaus of its county and city.
pub fn may_describe(actor: &Actor, bureau: &str) -> bool {
    let above = actor.has_role("county") || actor.has_role("city");
    actor.has_role("province") || (above && !bureau.is_empty() && actor.scope.covers(bureau))
}

/// What stands on the page of a chain under one heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Enterprises,
    Schools,
    Resources,
    Work,
}

impl Group {
    pub const ALL: [Self; 4] = [Self::Enterprises, Self::Schools, Self::Resources, Self::Work];

    pub fn label(self) -> &'static str {
        match self {
            Self::Enterprises => "链上企业",
            Self::Schools => "加入的院校",
            Self::Resources => "共订标准、共建资源",
            Self::Work => "招生招工和培训",
        }
    }

    /// Of what a form records, by what the programme says of the form.
    pub fn of(programme: &Programme, kind: &str, what: &str) -> Self {
        match programme.output(what) {
            _ if kind == "entry" => Self::Work,
            Some(output) if output.names_enterprise => Self::Enterprises,
            Some(output) if output.unit == Unit::Schools => Self::Schools,
            _ => Self::Resources,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_names_one_chain() {
        assert_eq!(name("链", " 示例（粤菜） 链 "), Ok(("示例（粤菜） 链", "示例(粤菜)链".to_owned())));
        let long = "长".repeat(61);
        for (typed, code) in
            [("  ", Code::Missing), ("甲链、乙链", Code::TooMany), (long.as_str(), Code::TooLong)]
        {
            assert_eq!(name("链", typed).unwrap_err().code, code, "{typed}");
        }
    }

    #[test]
    fn what_is_on_a_chain_is_told_by_its_form() {
        let programme = crate::shared::review::tests::programme();
        let of = |kind, what| Group::of(programme, kind, what);
        assert_eq!(of("output", "chain-enterprise"), Group::Enterprises);
        assert_eq!(of("output", "recruitment-system"), Group::Schools);
        assert_eq!(of("output", "integrated-course"), Group::Resources);
        assert_eq!(of("entry", "joint-enrolment"), Group::Work);
    }
}
