//! Whether figures of months are settled: a month that the province accepted stays as it was, every other one may still
//! change. Wherever figures of months stand this is said in one way, by `c.settled`; what it rests on a mechanism tells.

use super::contributions::{month_of, month_title};
use super::mechanism;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use serde::Serialize;

/// What is said beside figures of months.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Settled {
    pub accepted: bool,
    pub words: String,
    /// Where the months stand as they were accepted; none where the caller may not read them.
    pub href: Option<&'static str>,
}

impl Settled {
    /// The same as a line of a paper or a workbook.
    pub fn line(&self) -> String {
        format!("{}：{}", if self.accepted { "已接收" } else { "暂时数" }, self.words)
    }

    /// The same beside figures that were kept on a day: whether their months were accepted by then nobody knows any more, and
    /// they are not what the records are now.
    pub fn line_of_kept(&self) -> String {
        if self.accepted {
            "这些月份现在省办已全部接收。这里是存下那天的记录，接收时的数看月调度。".to_owned()
        } else {
            self.line()
        }
    }
}

/// Of figures up to a month, each counted as the records are now; none where there is no monthly dispatch, or none yet.
pub async fn until(ctx: &mut RequestContext, last: i64) -> Result<Option<Settled>> {
    let programme = ctx.programme();
    let since = programme.calendar.months_since.map(month_of).filter(|since| *since <= last);
    if since.is_none() {
        return Ok(None);
    }
    let Some(done) = mechanism::settled_until(&mut ctx.tx, &programme).await? else { return Ok(None) };
    let href = ctx.can("month", "read").then_some("/months");
    Ok(Some(told(done, last, href)))
}

fn told(done: i64, last: i64, href: Option<&'static str>) -> Settled {
    let words = if last <= done {
        "这些月份省办已全部接收。这里是现在的记录，接收以后有更正的，接收时的数看月调度。".to_owned()
    } else if done > 0 {
        format!("{}及以前省办已全部接收，以后的月份还会变。", month_title(done))
    } else {
        "这些月份省办还没有全部接收，还会变。".to_owned()
    };
    Settled { accepted: last <= done, words, href }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_that_is_not_accepted_is_called_provisional() {
        assert!(told(202_610, 202_610, None).accepted);
        let open = told(202_609, 202_611, None);
        assert!(!open.accepted && open.line().starts_with("暂时数：2026年9月及以前"), "{}", open.line());
        assert!(told(0, 202_609, None).words.contains("还没有全部接收"));
    }

    #[test]
    fn what_was_kept_is_not_called_the_records_of_now() {
        let (accepted, open) = (told(202_610, 202_610, None), told(202_609, 202_610, None));
        assert!(accepted.line().contains("现在的记录"));
        let kept = accepted.line_of_kept();
        assert!(kept.contains("存下那天的记录") && !kept.starts_with("已接收"), "{kept}");
        assert_eq!(open.line_of_kept(), open.line());
    }
}
