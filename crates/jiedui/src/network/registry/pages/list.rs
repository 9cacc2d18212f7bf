//! The registry's list and detail.

use super::super::data::{self, Division, FlagRow, LineageRow, OrgRow, PairingOf, PersonAt};
use super::super::rules;
use super::categories;
use jiedui_kernel::{Result, Unit};
use jiedui_store::{Tx, args, values};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;
use std::collections::HashSet;

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<OrgRow>,
    can_import: bool,
}

/// `%text%`, in which what LIKE takes for wildcards are the letters that somebody typed; "" stays "". Statements say
/// `LIKE :q ESCAPE '!'`, which both engines read alike.
pub fn like(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut pattern = String::from("%");
    for sign in text.chars() {
        if matches!(sign, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let cities = city_choices(&mut ctx.tx).await?;
    let mut list = Listing::at("/registry", Unit::Items, &ctx.query);
    let q = like(&list.text("q", "名称"));
    // Schools are what most come for; bureaus are one choice away.
    let kind = list.choice_or("院校", "kind", "类别", kinds());
    let kind = match kind.as_str() {
        "" => "school",
        "all" => "",
        kind => kind,
    };
    let level = list.choice("level", "办学层次", rules::LEVELS.map(|l| Choice::new(l, l)).to_vec());
    let city = list.choice("city", "所在市", cities);
    let flag = list.choice("flag", "标记", rules::FLAGS.map(|(id, name)| Choice::new(id, name)).to_vec());
    let typical = list.choice("typical", "典型县", typical_choices());
    let call = values!(data::LIST { q, level, city, kind, flag, typical });
    let view =
        ListView { list: list.fetch(&mut ctx.tx, &call).await?, can_import: ctx.can("registry", "import") };
    let page = Page::new("院校库", "省、市、县机构与院校，按区划和拼音排列。")
        .clause("G1.1")
        .clause("G0.3")
        .kind("list");
    Reply::view("network/registry/list.html", page, &view)
}

fn kinds() -> Vec<Choice> {
    let bureaus = ["county_bureau", "city_bureau", "province_office"];
    let mut kinds = bureaus.map(|kind| Choice::new(kind, rules::kind_name(kind))).to_vec();
    kinds.push(Choice::new("all", "全部院校和机构"));
    kinds
}

/// The cities, for filters: by their codes. Those in which the caller or a county school of its pairings lies; none where that
/// is one city alone, which narrows nothing.
pub async fn city_choices(tx: &mut Tx) -> Result<Vec<Choice>> {
    let all = super::super::divisions(tx).await?;
    city_choices_among(tx, &all).await
}

/// The same for a page that read all divisions for something else.
pub async fn city_choices_among(tx: &mut Tx, all: &[Division]) -> Result<Vec<Choice>> {
    let reached: HashSet<String> =
        tx.all::<(String,)>(&data::CITIES, Vec::new()).await?.into_iter().map(|(code,)| code).collect();
    let cities = all.iter().filter(|d| d.level == "city" && reached.contains(&d.code));
    let choices: Vec<Choice> = cities.map(|d| Choice::new(&d.code, &d.name)).collect();
    Ok(if choices.len() > 1 { choices } else { Vec::new() })
}

/// The filters that lists of county schools have in common.
#[derive(Debug)]
pub struct SchoolFilter {
    q: String,
    city: String,
    typical: String,
}

impl SchoolFilter {
    pub fn read(list: &mut Listing, cities: Vec<Choice>) -> Self {
        Self {
            q: list.text("q", "学校名称"),
            city: list.choice("city", "所在市", cities),
            typical: list.choice("typical", "典型县", typical_choices()),
        }
    }

    pub fn fits(&self, org: &OrgRow) -> bool {
        org.name.contains(&self.q)
            && (self.city.is_empty() || city_of(&org.division) == self.city)
            && fits_typical(&self.typical, !org.typical_class.is_empty())
    }
}

/// The city of a division: its first four digits.
pub fn city_of(division: &str) -> String {
    format!("{}00", division.get(..4).unwrap_or_default())
}

/// Whether something in a county fits the filter `typical`; any other word than these two is no filter.
pub fn fits_typical(filter: &str, typical: bool) -> bool {
    match filter {
        "typical" => typical,
        "other" => !typical,
        _ => true,
    }
}

pub fn typical_choices() -> Vec<Choice> {
    vec![Choice::new("typical", "典型县（市、区）"), Choice::new("other", "其他县（市、区）")]
}

#[derive(Serialize)]
struct ShowView {
    org: OrgRow,
    kind_name: &'static str,
    credit_warning: &'static str,
    flags: Vec<NamedFlag>,
    categories: categories::Shown,
    lineage: Vec<NamedLineage>,
    people: Vec<NamedPerson>,
    pairings: Vec<PairingOf>,
    can_edit: bool,
    can_edit_people: bool,
}

#[derive(Serialize)]
pub struct NamedFlag {
    name: &'static str,
    #[serde(flatten)]
    row: FlagRow,
}

#[derive(Serialize)]
pub struct NamedLineage {
    name: &'static str,
    #[serde(flatten)]
    row: LineageRow,
}

#[derive(Serialize)]
pub struct NamedPerson {
    pub post_name: &'static str,
    /// Their sheet, for whoever sees the name in full anyway.
    pub sheet: Option<String>,
    #[serde(flatten)]
    pub row: PersonAt,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let org = super::super::find(&mut ctx.tx, &id).await?;
    let people = named_people(ctx, &id).await?;
    let own = is_own(ctx, &id).await?;
    let view = ShowView {
        kind_name: rules::kind_name(&org.kind),
        credit_warning: credit_warning(&org.credit_code),
        flags: named_flags(ctx, &id).await?,
        categories: categories::shown(ctx, &org).await?,
        lineage: named_lineage(ctx, &id).await?,
        people,
        pairings: ctx.tx.all(&data::PAIRINGS_OF, args![&id]).await?,
        can_edit: ctx.can("registry", "edit") && org.kind == "school",
        can_edit_people: ctx.can("person", "edit") && own && org.kind == "school",
        org,
    };
    let page = Page::new(view.org.name.clone(), view.kind_name).back("/registry", "院校库").kind("detail");
    Reply::view("network/registry/show.html", page, &view)
}

/// Those with a post at an organisation that the caller found in scope: in full for itself alone.
pub async fn named_people(ctx: &mut RequestContext, org: &str) -> Result<Vec<NamedPerson>> {
    let rows = ctx.tx.all::<PersonAt>(&data::PEOPLE_OF, args![org]).await?;
    let named = rows.into_iter().map(|mut row| {
        let sheet = ctx.names.shows(&row.name, &[org]).then(|| format!("/people/{}/glance", row.id));
        ctx.names.read(&mut row.name, &[org]);
        NamedPerson { post_name: rules::post_name(&row.post), sheet, row }
    });
    Ok(named.collect())
}

pub async fn named_flags(ctx: &mut RequestContext, id: &str) -> Result<Vec<NamedFlag>> {
    let rows = ctx.tx.all::<FlagRow>(&data::FLAGS_OF, args![id]).await?;
    Ok(rows.into_iter().map(|row| NamedFlag { name: rules::flag_name(&row.flag), row }).collect())
}

pub async fn named_lineage(ctx: &mut RequestContext, id: &str) -> Result<Vec<NamedLineage>> {
    let rows = ctx.tx.all::<LineageRow>(&data::LINEAGE_OF, args![id]).await?;
    Ok(rows.into_iter().map(|row| NamedLineage { name: rules::lineage_name(&row.kind), row }).collect())
}

/// Whether an organisation is one's own or lies below it: partners may be read, not written.
pub async fn is_own(ctx: &mut RequestContext, id: &str) -> Result<bool> {
    Ok(ctx.tx.number(&data::OWN_SUBTREE, args![id]).await? > 0)
}

/// Old codes exist that do not pass the check, so this warns and never refuses (domain.md §7.7).
fn credit_warning(code: &str) -> &'static str {
    if code.is_empty() || jiedui_kernel::credit_code(code) == jiedui_kernel::CreditCode::Ok {
        ""
    } else {
        "与国家标准的校验规则不符，请核对；早期代码可能如此，不影响使用。"
    }
}

/// Links for pages that name organisations.
pub fn link(id: &str, name: &str) -> Link {
    Link::new(format!("/registry/{id}"), name)
}
