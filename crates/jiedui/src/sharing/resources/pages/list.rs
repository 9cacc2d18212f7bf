//! The library: searched by words, pinyin or initials, and narrowed by kind, major and task. The newest stand first; there is
//! no order by how often somebody looked.

use crate::shared::choices::task_choices;
use crate::shared::terms::facet;
use crate::sharing::resources::actions;
use crate::sharing::resources::data::{self, ItemLine, ItemState};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_programme::{Programme, ResourceRules};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

/// More of a text than this finds nothing else.
const READ: usize = 40;

#[derive(Serialize)]
struct ItemView {
    href: String,
    title: String,
    kind: String,
    owner: String,
    licence: String,
    shared_on: String,
    uses: Figure,
    state: StateMark,
}

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<ItemView>,
    about: String,
    our_reading: bool,
    can_share: bool,
}

fn line(rules: &ResourceRules, row: ItemLine) -> ItemView {
    let href = format!("/resources/{}", row.id);
    ItemView {
        uses: Figure::of(Reported::Value(row.uses), Unit::Schools, format!("{href}#uses"), "登记使用的学校"),
        kind: rules.kind(&row.kind).map_or_else(|| row.kind.clone(), |kind| kind.name.clone()),
        licence: rules.licence(&row.licence).map_or_else(|| row.licence.clone(), |one| one.name.clone()),
        title: row.title,
        owner: row.owner_name,
        shared_on: row.shared_on.to_string(),
        state: row.state.mark(),
        href,
    }
}

/// Reads the filters of the address; each narrows by a facet.
fn facets(list: &mut Listing, programme: &Programme, rules: &ResourceRules, own: &str) -> Vec<String> {
    let kinds = rules.kinds.iter().map(|kind| Choice::new(&kind.id, &kind.name));
    let kind = list.choice("kind", "种类", kinds.collect());
    let majors = programme.matching.categories.names.iter().map(|name| Choice::new(name, name));
    let major = list.choice("major", "专业大类", majors.collect());
    let task = list.choice("task", "任务", task_choices(programme));
    let mut which = vec![Choice::new("own", "本校上传的")];
    if rules.kinds.iter().any(|kind| kind.model.is_some()) {
        which.push(Choice::new("model", ItemState::Model.label()));
    }
    let which = list.choice("which", "哪些", which);
    let mut facets: Vec<String> = [("kind", kind), ("major", major), ("task", task)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| facet(name, &value))
        .collect();
    match which.as_str() {
        "own" => facets.push(facet("own", own)),
        "model" => facets.push(facet("state", "model")),
        _ => {}
    }
    facets
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let rules = actions::library(&programme)?;
    let mut list = Listing::at("/resources", Unit::Items, &ctx.query);
    let text: String = list.text("q", "找什么").chars().take(READ).collect();
    let facets = facets(&mut list, &programme, rules, &ctx.actor.org);
    let [t1, t2, t3, t4, t5, t6, t7, t8] = actions::wanted(&mut ctx.tx, &text, facets).await?;
    let call = values!(data::LIST { t1, t2, t3, t4, t5, t6, t7, t8 });
    let found = list.fetch(&mut ctx.tx, &call).await?.map(|row| line(rules, row));
    let view = ListView {
        list: found,
        about: rules.about.clone(),
        our_reading: rules.our_reading,
        can_share: ctx.can("library", "share"),
    };
    let lead = "课程、论文、教材、案例，全省技工院校都能找、能用。可以输中文、拼音或首字母。";
    let page = Page::new("资源库", lead).clauses(&rules.clauses).kind("list");
    Reply::view("sharing/resources/list.html", page, &view)
}
