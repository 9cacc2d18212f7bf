//! Who uses the provincial recruitment system, and by name who does not yet; read from what was recorded.

use crate::network::registry::{self, SchoolFilter};
use crate::sharing::jobs::actions;
use crate::sharing::jobs::actions::system::{Joined, School, schools};
use jiedui_kernel::{Error, Reported, Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Page, Reply};
use jiedui_web::sorting::Orders;
use serde::Serialize;

impl Joined {
    const ALL: [Self; 4] = [Self::Not, Self::OnTheWay, Self::Stated, Self::Using];

    fn id(self) -> &'static str {
        match self {
            Self::Not => "not",
            Self::OnTheWay => "coming",
            Self::Stated => "stated",
            Self::Using => "using",
        }
    }

    fn mark(self) -> StateMark {
        match self {
            Self::Not => StateMark::new("withdrawn", "还没有加入", "–"),
            Self::OnTheWay => StateMark::new("pending", "已申请、对接中", "◐"),
            Self::Stated => StateMark::new("claimed", "使用中，待确认", "○"),
            Self::Using => StateMark::new("confirmed", "使用中", "●"),
        }
    }
}

#[derive(Serialize)]
struct SchoolLine {
    school: Link,
    place: String,
    joined: StateMark,
    /// Where that was recorded; none where nothing was.
    output: Option<String>,
}

#[derive(Serialize)]
struct SystemView {
    #[serde(flatten)]
    list: Listed<SchoolLine>,
    sums: Vec<(StateMark, Figure)>,
}

fn line(one: School) -> SchoolLine {
    SchoolLine {
        school: registry::link(&one.row.id, &one.row.name),
        place: one.row.place,
        joined: one.joined.mark(),
        output: one.output.map(|id| format!("/outputs/{id}")),
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let rules = actions::rules_of(&programme)?;
    let mut found = schools(&mut ctx.tx, &programme, rules).await?.ok_or(Error::NotFound)?;
    let mut list = Listing::at("/employment/system", Unit::Schools, &ctx.query);
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let fitting = SchoolFilter::read(&mut list, cities);
    let states = Joined::ALL.map(|one| (one, one.id(), one.mark().label));
    let wanted = list.one_of("joined", "是否加入", states);
    found.retain(|one| fitting.fits(&one.row));
    let sums = Joined::ALL.map(|state| {
        let number = found.iter().filter(|one| one.joined == state).count();
        let number = Reported::Value(i64::try_from(number).unwrap_or(i64::MAX));
        let href = format!("/employment/system?joined={}", state.id());
        (state.mark(), Figure::of(number, Unit::Schools, href, state.mark().label))
    });
    found.retain(|one| wanted.is_none_or(|wanted| one.joined == wanted));
    let orders = Orders {
        by: &[
            ("school", |one: &School| Some(one.row.sort_key.as_str().into())),
            ("place", |one| Some(one.row.division.as_str().into())),
        ],
        unsorted: &["joined", "output"],
    };
    let view = SystemView { list: list.arrange(found, &orders).map(line), sums: sums.to_vec() };
    let lead = "取自“加入与备案”的登记，不另填报。县级院校和协作院校都列出，按名称排列。";
    let page =
        Page::new("招聘系统使用情况", lead).clause("T12.1").back("/employment", "返回就业").kind("list");
    Reply::view("sharing/jobs/system.html", page, &view)
}
