//! The posts: those that are open, or on their way.

use super::{ANY, ANY_MAJOR, major_choices, major_word, occupation_choices, occupation_word, year_choices};
use crate::network::registry::{city_choices, like};
use crate::sharing::jobs::actions;
use crate::sharing::jobs::actions::market::day_of;
use crate::sharing::jobs::data::{self, VacancyRow};
use crate::sharing::jobs::rules;
use jiedui_kernel::{Date, Reported, Result, Unit};
use jiedui_programme::JobRules;
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

/// A post as lists and its page show it.
#[derive(Serialize)]
pub struct PostLine {
    pub href: String,
    title: String,
    enterprise: String,
    occupation: String,
    major: String,
    place: String,
    number: Figure,
    pay_low: Option<Figure>,
    pay_high: Option<Figure>,
    first: String,
    last: String,
    mark: StateMark,
    key_enterprise: bool,
}

impl PostLine {
    pub fn of(row: &VacancyRow, rules: &JobRules, today: Date) -> Self {
        let href = format!("/employment/posts/{}", row.id);
        let yuan = |cents: Option<i64>, label: &str| {
            cents.map(|cents| Figure::of(Reported::Value(cents), Unit::Yuan, &href, label))
        };
        Self {
            title: row.title.clone(),
            enterprise: row.enterprise_name.clone(),
            occupation: occupation_word(rules, &row.occupation),
            major: major_word(&row.major).to_owned(),
            place: row.place.clone(),
            number: super::persons(Reported::Value(row.number), &href, "招几人"),
            pay_low: yuan(row.pay_low, "月薪从"),
            pay_high: yuan(row.pay_high, "月薪到"),
            first: row.first_day.to_string(),
            last: row.last_day.to_string(),
            mark: rules::mark(row, today),
            key_enterprise: row.key_enterprise > 0,
            href,
        }
    }
}

#[derive(Serialize)]
struct PostsView {
    #[serde(flatten)]
    list: Listed<PostLine>,
    can_record: bool,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, today) = (ctx.programme(), ctx.today);
    let rules = actions::rules_of(&programme)?;
    let mut list = Listing::at("/employment/posts", Unit::Items, &ctx.query);
    let q = like(&list.text("q", "岗位、企业或专业"));
    let states = [
        ("waiting", "待确认和有异议的"),
        ("coming", "还没有开始的"),
        ("over", "已过期的"),
        ("withdrawn", "已撤回的"),
    ];
    let states = states.map(|(id, name)| Choice::new(id, name)).to_vec();
    let which = list.choice_or("招聘中的", "which", "哪些", states);
    let occupation = list.choice("occupation", "岗位类别", occupation_choices(rules));
    let any = Choice::new(ANY, ANY_MAJOR);
    let major = list.choice("major", "专业大类", [major_choices(&programme), vec![any]].concat());
    let links = rules.key_links(&programme);
    let key = if links.is_empty() {
        String::new()
    } else {
        list.choice("key", "企业", vec![Choice::new("yes", "重点企业")])
    };
    let city = list.choice("city", "所在市", city_choices(&mut ctx.tx).await?);
    let county = list.choice("county", "所在县", actions::county_choices(&mut ctx.tx).await?);
    let year = list.year_or("今天", "年底", year_choices(ctx));
    let day = year.map_or(today, |year| day_of(year, today));
    let school = list.id("school");
    let call = values!(data::LIST { q, which, occupation, major, city, county, school, day, key, links });
    let found = list.fetch(&mut ctx.tx, &call).await?.map(|row: VacancyRow| PostLine::of(&row, rules, today));
    let view = PostsView { list: found, can_record: ctx.can("employment", "record") };
    let lead = "县局、市局或学校登记，有另一方的由另一方确认。到截止日自动失效，不用再报。";
    let page = Page::new("岗位", lead).clauses(&rules.clauses).back("/employment", "返回就业").kind("list");
    Reply::view("sharing/jobs/posts.html", page, &view)
}
