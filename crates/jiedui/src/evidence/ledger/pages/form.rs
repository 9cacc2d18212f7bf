//! The one generated form for every activity type: laid out from the programme, prefilled from what is known, read back.

use super::super::actions::claim::{self, NewEntry};
use super::super::actions::offers::{self, Offer};
use super::super::data::{self, EntryRow};
use crate::network::pairings::{self, EarlierWork, PairingRow};
use crate::network::{chains, enterprises};
use crate::shared::mechanism::{self, FormNote};
use jiedui_kernel::{Date, Error, FieldError, Mistake, Result, Unit};
use jiedui_programme::parts::{Input, PARTS, Part, Takes, inputs};
use jiedui_programme::{Activity, FieldKind, Time};
use jiedui_store::{Found, Tx, args};
use jiedui_web::context::RequestContext;
use jiedui_web::drafts::Draft;
use jiedui_web::fields::{self, Drawn};
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::{Choice, Field};
use serde::Serialize;

pub fn activity(ctx: &RequestContext, id: &str) -> Result<Activity> {
    ctx.programme().activities.iter().find(|activity| activity.id == id).cloned().ok_or(Error::NotFound)
}

#[derive(Serialize)]
pub struct FormView {
    pub action: String,
    pub submit: String,
    pub draft: Draft,
    pub about: String,
    pub fields: Vec<Drawn>,
    /// What is known and need not be asked.
    pub known: Vec<(String, String)>,
    pub hidden: Vec<(String, String)>,
    pub errors: Vec<FieldError>,
    pub people_href: String,
    pub spans: bool,
    /// Of this kind, by the helpers before: school and days.
    pub earlier: Vec<(String, EarlierWork)>,
    /// The name of an activity that nobody has defined yet, else "".
    pub undefined: String,
    /// What others say to whoever fills it in, such as how many of the school's places are left.
    pub beside: Vec<FormNote>,
}

/// What the claimant says to the other side's objection.
pub fn add_reply(view: &mut FormView, given: &FormValues) {
    let field =
        Field::new("reply", "对异议的答复").required().help("一句话：改了什么，为什么。对方答复时能看到。");
    let field = Field { maxlength: Some(200), width: "long", ..field.value(given.get("reply")) };
    draw(view, "text", field);
}

/// Lays the form out for this claimant. What has only one possible value is shown, not asked.
pub async fn build(
    ctx: &mut RequestContext,
    activity: &Activity,
    pairings: &[PairingRow],
    given: &FormValues,
    errors: Vec<FieldError>,
) -> Result<FormView> {
    let mut view = FormView {
        action: String::new(),
        submit: String::new(),
        draft: Draft::none(""),
        about: activity.about.clone(),
        fields: Vec::new(),
        known: Vec::new(),
        hidden: Vec::new(),
        people_href: format!("/registry/{}/people", ctx.actor.org),
        spans: activity.time == Time::Span,
        earlier: earlier_of(ctx, activity, pairings).await?,
        undefined: if activity.definition_issued { String::new() } else { activity.name.clone() },
        beside: mechanism::beside_form(ctx, &activity.id).await?,
        errors,
    };
    for part in PARTS {
        add(&mut view, ctx, part, (activity, pairings), given).await?;
    }
    Ok(view)
}

/// What those who helped these schools before did of this kind: so that it is not given, and counted, twice.
async fn earlier_of(
    ctx: &mut RequestContext,
    activity: &Activity,
    pairings: &[PairingRow],
) -> Result<Vec<(String, EarlierWork)>> {
    let (mut found, programme) = (Vec::new(), ctx.programme());
    for pairing in pairings {
        let work = pairings::earlier_work(&mut ctx.tx, &programme, pairing).await?;
        let same = work.into_iter().filter(|one| one.activity == activity.id);
        found.extend(same.map(|one| (pairing.county_name.clone(), one)));
    }
    Ok(found)
}

fn draw(view: &mut FormView, kind: &'static str, field: Field) {
    let field = field.error(&view.errors);
    view.fields.push(Drawn::new(kind, field));
}

/// One part of the form. What cannot be chosen is not asked.
async fn add(
    view: &mut FormView,
    ctx: &mut RequestContext,
    part: Part,
    (activity, pairings): (&Activity, &[PairingRow]),
    given: &FormValues,
) -> Result<()> {
    if part == Part::Fields {
        // One optional field stands open; several would hide what must be filled.
        let own = &activity.fields;
        let folds = own.iter().filter(|field| !field.required && field.when.is_none()).count() > 1;
        let open =
            |one: &Drawn| one.field.required || one.when.is_some() || fields::decides(own, &one.field.name);
        let known =
            if fields::name_enterprises(own) { enterprises::names(&mut ctx.tx).await? } else { Vec::new() };
        let chains = if fields::name_chains(own) { chains::names(&mut ctx.tx).await? } else { Vec::new() };
        let offers = fields::Offers { enterprises: &known, chains: &chains, ..fields::Offers::default() };
        let drawn = fields::draw(own, given, &view.errors, offers);
        view.fields.extend(drawn.into_iter().map(|one| Drawn { extra: folds && !open(&one), ..one }));
        return Ok(());
    }
    let programme = ctx.programme();
    for input in part.inputs(activity) {
        let rules = (&*programme, activity);
        let offered = offers::offers(&mut ctx.tx, part, rules, pairings, given.get("project")).await?;
        let label = match part {
            Part::Pairing if pairings.iter().any(|row| row.county_school == ctx.actor.org) => "协作院校",
            _ => input.question(),
        };
        if let (Part::Pairing, [only]) = (part, offered.as_slice()) {
            view.known.push((label.to_owned(), only.name.clone()));
            view.hidden.push((input.name, only.id.clone()));
            continue;
        }
        let asked = match part {
            Part::Project => activity.of_project || !offered.is_empty(),
            Part::Roster => !offered.is_empty(),
            // For the helpers: what the school does itself is nobody's joint work.
            Part::Joint => {
                pairings.iter().any(|row| row.lead != row.nearby && row.county_school != ctx.actor.org)
            }
            // Only where the same was claimed before, or where days of term are named; what was said to it stays.
            Part::InTerm | Part::Again => {
                !given.get(&input.name).is_empty()
                    || view.errors.iter().any(|error| error.field == input.name)
            }
            _ => true,
        };
        if asked {
            let (kind, mut field) = control(&input, label, &offered, given, ctx.today);
            field.help = help(part, &input, activity, offered.is_empty());
            if part == Part::Project && !activity.of_project {
                field.options[0] = Choice::new("", "不属于项目");
            }
            field.required |= matches!(part, Part::InTerm | Part::Again);
            let field = field.error(&view.errors);
            view.fields.push(Drawn { extra: part == Part::Joint, ..Drawn::new(kind, field) });
        }
    }
    Ok(())
}

/// An input as the form draws it.
fn control(
    input: &Input,
    label: &str,
    offered: &[Offer],
    given: &FormValues,
    today: Date,
) -> (&'static str, Field) {
    let mut field = Field::new(&input.name, label);
    field.required = input.required;
    match &input.takes {
        Takes::Day => {
            field.max = today.to_string();
            field.width = "short";
            ("date", field.value(given.get(&input.name)))
        }
        Takes::Number(unit) => {
            field.unit = unit.label().to_owned();
            field.width = "short";
            ("number", field.value(given.get(&input.name)))
        }
        Takes::One | Takes::OnePerson => {
            let blank = Choice::new("", "请选择");
            field.options = std::iter::once(blank).chain(offered.iter().map(choice)).collect();
            ("select", field.value(given.get(&input.name)))
        }
        Takes::People => {
            let chosen = given.all(&input.name);
            let ticked = |offer: &Offer| Choice { selected: chosen.contains(&offer.id), ..choice(offer) };
            field.options = offered.iter().map(ticked).collect();
            ("checks", field)
        }
        Takes::Yes | Takes::Field(_) => {
            let yes = match input.name.as_str() {
                "again" => "确实是另一次，仍要登记",
                "in_term" => "确在学期内进行，仍要登记",
                _ => "是",
            };
            let selected = given.get(&input.name) == "yes";
            field.options = vec![Choice { selected, ..Choice::new("yes", yes) }];
            ("checks", field)
        }
    }
}

fn choice(offer: &Offer) -> Choice {
    let label = if offer.beside.is_empty() {
        offer.name.clone()
    } else {
        format!("{}（{}）", offer.name, offer.beside)
    };
    Choice { group: offer.group.clone(), ..Choice::new(&offer.id, label) }
}

/// What the form says beside an input.
fn help(part: Part, input: &Input, activity: &Activity, none_offered: bool) -> String {
    match part {
        Part::Person => activity.person.as_ref().map_or_else(String::new, |rule| {
            if rule.counting == rule.offered {
                format!("可选：{}。", claim::post_words(&rule.offered))
            } else {
                let counting = claim::post_words(&rule.counting);
                format!("{counting}到访计入履职；其他校领导到访也可登记，只作记录。")
            }
        }),
        Part::Time if input.name == "to" => "这一天也算在内。".to_owned(),
        Part::Project if none_offered => {
            "还没有已备案、按这一单位计数的项目。请先在项目清单里列入并备案。".to_owned()
        }
        Part::Project if activity.of_project => "从已备案的年度项目里选。".to_owned(),
        Part::Project => "算进哪个年度项目，可不选；选了，项目进度就会自己走。".to_owned(),
        Part::Roster => activity.roster.as_ref().map_or_else(String::new, |rule| rule.help.clone()),
        Part::Joint => {
            "勾选后只登记一条、只计一次；对方在自己的工作台写明它的人，才计入对方的履职进度。".to_owned()
        }
        _ => String::new(),
    }
}

/// Reads the form. Fields that cannot be read are errors; what they mean is checked in `claim`.
pub fn read(sent: &FormValues, activity: &Activity, pairings: &[PairingRow]) -> Result<NewEntry> {
    let mut read = Reader::default();
    let named = pairings.iter().find(|row| row.id == sent.get("pairing"));
    if named.is_none() {
        read.fail("pairing", Mistake::not_chosen("对口县级院校"));
    }
    // What else is wrong is told along with it.
    let Some(pairing) = named.or(pairings.first()) else { return Err(Error::Invalid(read.errors)) };
    let mut new = NewEntry::on(pairing.clone());
    for (part, input) in inputs(activity) {
        take(part, &input, sent, &mut read, &mut new);
    }
    new.fields = fields::read(&activity.fields, sent, &mut read);
    read.done()?;
    Ok(new)
}

fn take(part: Part, input: &Input, sent: &FormValues, read: &mut Reader, new: &mut NewEntry) {
    let text = sent.get(&input.name);
    let chosen = || Some(text.to_owned()).filter(|text| !text.is_empty());
    match part {
        Part::Pairing => {}
        Part::Helper => new.helper = chosen(),
        Part::Person => {
            if text.is_empty() {
                read.fail("person", Mistake::not_chosen("人员"));
            }
            new.person = chosen();
        }
        Part::Time => {
            let day = read.date(sent, &input.name, &input.label);
            if input.name == "to" { new.to = day } else { new.from = day }
        }
        Part::InTerm => new.in_term = text == "yes",
        Part::Quantity => {
            new.quantity =
                fields::read_number(read, &input.name, &input.label, activity_unit(input), text, 1);
        }
        Part::Project => new.project = chosen(),
        Part::Roster => {
            new.roster = sent.all(&input.name).into_iter().filter(|person| !person.is_empty()).collect();
        }
        Part::Joint => new.joint = text == "yes",
        // All at once: which are asked depends on what is chosen in another.
        Part::Fields => {}
        Part::Again => new.again = text == "yes",
    }
}

fn activity_unit(input: &Input) -> Unit {
    if let Takes::Number(unit) = input.takes { unit } else { Unit::Items }
}

/// What repeats of an entry in the next one of its kind: neither days nor numbers, nor who took part.
pub fn repeated(activity: &Activity, entry: &EntryRow) -> FormValues {
    let lasts = |field: &&jiedui_programme::Field| !matches!(field.kind, FieldKind::Number | FieldKind::Date);
    let own: Vec<_> = activity.fields.iter().filter(lasts).cloned().collect();
    let own = fields::typed(&own, &fields::parse(&entry.fields));
    let mut values = vec![("pairing", entry.pairing.clone())];
    values.extend(entry.person.clone().map(|person| ("person", person)));
    values.extend(entry.project.clone().map(|project| ("project", project)));
    values.extend(own.iter().map(|(name, value)| (name.as_str(), value.clone())));
    FormValues::made(values)
}

/// The values of an entry as its form would have sent them.
pub async fn values_of(tx: &mut Tx, activity: &Activity, entry: &Found<EntryRow>) -> Result<FormValues> {
    let own = fields::typed(&activity.fields, &fields::parse(&entry.fields));
    let mut values: Vec<(&str, String)> = Vec::new();
    for part in PARTS {
        match part {
            Part::Pairing => values.push(("pairing", entry.pairing.clone())),
            Part::Person => values.extend(entry.person.clone().map(|person| ("person", person))),
            Part::Time => {
                values.push(("from", entry.from_day.to_string()));
                values.push(("to", entry.to_day.to_string()));
            }
            Part::Quantity => values.push(("quantity", activity.unit.format(entry.quantity))),
            Part::Project => values.extend(entry.project.clone().map(|project| ("project", project))),
            Part::Roster => {
                let named = tx.all::<(String, String)>(&data::PEOPLE_OF, args![&entry.id]).await?;
                values.extend(named.into_iter().map(|(person, _)| ("roster", person)));
            }
            Part::Fields => values.extend(own.iter().map(|(name, value)| (name.as_str(), value.clone()))),
            // Who provided it is not typed again: a correction leaves that as it is. Days of term are asked about each time.
            Part::Helper | Part::InTerm | Part::Joint | Part::Again => {}
        }
    }
    Ok(FormValues::made(values))
}
