//! The registry's list and detail, and the office's forms for flags and lineage.

use super::super::data::{self, FlagRow, LineageRow, OrgRow, PairingOf, PersonAt};
use super::super::rules;
use super::categories;
use jiedui_kernel::{Code, Error, FieldError, Result, Unit};
use jiedui_store::{AuditRecord, Tx, args, values};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::form::Reader;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<OrgRow>,
    can_import: bool,
}

/// `%text%` with the wildcards of LIKE taken out of the text; "" stays "".
pub fn like(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect();
    if clean.is_empty() { clean } else { format!("%{clean}%") }
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

/// The cities, for filters: by their codes.
pub async fn city_choices(tx: &mut Tx) -> Result<Vec<Choice>> {
    let cities = super::super::divisions(tx).await?.into_iter().filter(|d| d.level == "city");
    Ok(cities.map(|d| Choice::new(d.code, d.name)).collect())
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
struct NamedFlag {
    name: &'static str,
    #[serde(flatten)]
    row: FlagRow,
}

#[derive(Serialize)]
struct NamedLineage {
    name: &'static str,
    #[serde(flatten)]
    row: LineageRow,
}

#[derive(Serialize)]
pub struct NamedPerson {
    pub post_name: &'static str,
    #[serde(flatten)]
    pub row: PersonAt,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let org = super::super::find(&mut ctx.tx, &id).await?;
    let people = ctx.tx.all::<PersonAt>(&data::PEOPLE_OF, args![&id]).await?;
    let own = is_own(ctx, &id).await?;
    let view = ShowView {
        kind_name: rules::kind_name(&org.kind),
        credit_warning: credit_warning(&org.credit_code),
        flags: named_flags(ctx, &id).await?,
        categories: categories::shown(ctx, &org).await?,
        lineage: named_lineage(ctx, &id).await?,
        people: people
            .into_iter()
            .map(|row| NamedPerson { post_name: rules::post_name(&row.post), row })
            .collect(),
        pairings: ctx.tx.all(&data::PAIRINGS_OF, args![&id]).await?,
        can_edit: ctx.can("registry", "edit") && org.kind == "school",
        can_edit_people: ctx.can("person", "edit") && own && org.kind == "school",
        org,
    };
    let page = Page::new(view.org.name.clone(), view.kind_name).back("/registry", "院校库").kind("detail");
    Reply::view("network/registry/show.html", page, &view)
}

async fn named_flags(ctx: &mut RequestContext, id: &str) -> Result<Vec<NamedFlag>> {
    let rows = ctx.tx.all::<FlagRow>(&data::FLAGS_OF, args![id]).await?;
    Ok(rows.into_iter().map(|row| NamedFlag { name: rules::flag_name(&row.flag), row }).collect())
}

async fn named_lineage(ctx: &mut RequestContext, id: &str) -> Result<Vec<NamedLineage>> {
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

#[derive(Serialize)]
struct EditView {
    org: OrgRow,
    flags: Vec<NamedFlag>,
    lineage: Vec<NamedLineage>,
    flag_fields: Vec<Field>,
    category_form: categories::FormView,
    lineage_fields: Vec<Field>,
    errors: Vec<FieldError>,
}

pub async fn edit(ctx: &mut RequestContext) -> Result<Reply> {
    edit_page(ctx, Vec::new()).await
}

pub async fn edit_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let id = ctx.param("id");
    let org = super::super::find(&mut ctx.tx, &id).await?;
    if org.kind != "school" {
        return Err(Error::NotFound);
    }
    let pairs = ctx.form.values.clone();
    let field = |name: &str, label: &str| Field::new(name, label).value(pairs.get(name)).error(&errors);
    let flags = rules::FLAGS.map(|(id, name)| Choice::new(id, name)).to_vec();
    let kinds = rules::LINEAGE.map(|(id, name)| Choice::new(id, name)).to_vec();
    let view = EditView {
        flags: named_flags(ctx, &id).await?,
        lineage: named_lineage(ctx, &id).await?,
        flag_fields: vec![
            field("flag", "标记").required().options(flags),
            field("from", "起始日期").required(),
            field("to", "终止日期").help("仍然有效就留空。填同一起始日期可补记终止日期。"),
            field("source", "依据").required().help("文件名或会议，一句话。"),
        ],
        category_form: categories::form(ctx, &org, &errors).await?,
        lineage_fields: vec![
            field("kind", "沿革").required().options(kinds),
            field("day", "日期").required(),
            field("other", "并入的学校全称").help("只在“并入”时填写。"),
            field("note", "新名称或说明").required(),
        ],
        org,
        errors: errors.clone(),
    };
    let page =
        Page::new(format!("维护：{}", view.org.name), "由省领导小组办公室设定；每一次改动都进入审计日志。")
            .back(format!("/registry/{id}"), "返回院校详情")
            .kind("form");
    Ok(Reply::view("network/registry/edit.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn set_flag(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let org = super::super::find(&mut ctx.tx, &id).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let flag = read.required(&pairs, "flag", "标记").to_owned();
    let from = read.date(&pairs, "from", "起始日期");
    let to = read.optional_date(&pairs, "to", "终止日期");
    let source = read.required(&pairs, "source", "依据").to_owned();
    read.text(&pairs, "source", "依据", 200);
    if rules::flag_name(&flag).is_empty() && !flag.is_empty() {
        read.fail("flag", Code::NotListed.says("请从列表中选择标记。"));
    }
    if flag == "high_level" && org.level != "技师学院" {
        read.fail("flag", Code::NotFitting.says("只有技师学院可以标为高水平技师学院；请先核对办学层次。"));
    }
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        read.fail("to", Code::Reversed.says("终止日期不能早于起始日期。"));
    }
    if let Err(errors) = read.done().or_wrong()? {
        return edit_page(ctx, errors).await;
    }
    let from = from.ok_or(Error::NotFound)?;
    let set = super::super::ensure_flag(&mut ctx.tx, &id, &flag, from, to, &source).await;
    if let Err(errors) = set.or_wrong()? {
        return edit_page(ctx, errors).await;
    }
    let body = serde_json::json!({ "flag": flag, "from": from, "to": to, "source": source });
    ctx.tx.audit(AuditRecord { action: "registry.flag", resource: "org", resource_id: &id }, &body).await?;
    let text = format!("已为“{}”记下“{}”。", org.name, rules::flag_name(&flag));
    Ok(Reply::done(format!("/registry/{id}"), Flash::done(text)))
}

pub async fn add_lineage(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let org = super::super::found(&mut ctx.tx, &id).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let kind = read.required(&pairs, "kind", "沿革").to_owned();
    let day = read.date(&pairs, "day", "日期");
    let note = read.required(&pairs, "note", "新名称或说明").to_owned();
    read.text(&pairs, "note", "新名称或说明", 200);
    let mut other = None;
    if kind == "merged" {
        match super::super::school_named(&mut ctx.tx, pairs.get("other")).await? {
            Some(found) if found.id != id => other = Some(found.id),
            _ => read.fail("other", Code::NotListed.says("没有找到这所学校，请填写库中的全称。")),
        }
    }
    if rules::lineage_name(&kind).is_empty() && !kind.is_empty() {
        read.fail("kind", Code::NotListed.says("请从列表中选择沿革。"));
    }
    if kind == "merged" {
        let pairings = ctx.tx.all::<PairingOf>(&data::PAIRINGS_OF, args![&id]).await?;
        if pairings.iter().any(|row| row.to_day.is_none_or(|to| to >= ctx.today)) {
            let how = "请先在结对页终止，再登记并入；用导入表格登记并入的，结对一并终止。";
            read.fail("kind", Code::NotFitting.says(format!("这所学校还有正在执行的结对。{how}")));
        }
    }
    if kind == "renamed" && super::super::school_named(&mut ctx.tx, &note).await?.is_some() {
        read.fail("note", Code::Duplicate.says("库中已有这个名称。"));
    }
    if let Err(errors) = read.done().or_wrong()? {
        return edit_page(ctx, errors).await;
    }
    let day = day.ok_or(Error::NotFound)?;
    let row = ctx.tx.new_id();
    let kept = if kind == "renamed" { format!("原名：{}", org.name) } else { note.clone() };
    ctx.tx.write(&data::INSERT_LINEAGE, args![row, &id, &kind, other.clone(), day, kept]).await?;
    match kind.as_str() {
        "renamed" => super::super::rename(&mut ctx.tx, &org, &note).await?,
        "merged" => super::super::close(&mut ctx.tx, &org, day).await?,
        _ => {}
    }
    let body = serde_json::json!({ "kind": kind, "day": day, "other": other, "note": note });
    ctx.tx
        .audit(AuditRecord { action: "registry.lineage", resource: "org", resource_id: &id }, &body)
        .await?;
    Ok(Reply::done(format!("/registry/{id}"), Flash::done("沿革已登记，原有记录都保留。")))
}

/// Links for pages that name organisations.
pub fn link(id: &str, name: &str) -> Link {
    Link::new(format!("/registry/{id}"), name)
}
