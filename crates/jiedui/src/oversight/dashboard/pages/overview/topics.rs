//! 拟提请研究 on the overview: what the records offer for an agenda, by kind, with the first names behind each, and one press that
//! puts it there.

use super::asked::Asked;
use crate::reporting::meetings::{self, Name, Records, Topic};
use crate::standing::indicators::{Facts, Slice};
use jiedui_kernel::{Error, Reported, Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::reply::{Flash, Reply};
use serde::Serialize;

/// So many topics of a kind, and so many names of a topic; the rest stands on pages of its own.
const TOPICS: usize = 3;
const NAMES: usize = 5;

#[derive(Serialize)]
pub struct TopicsView {
    kinds: Vec<TopicGroup>,
    /// The next meeting of one's own, onto whose agenda a press puts it.
    meeting: Option<Link>,
    version: i64,
    /// Where the next one is convened, where none is announced.
    convene: Option<Link>,
}

/// The topics of one kind.
#[derive(Serialize)]
struct TopicGroup {
    kind: &'static str,
    total: Figure,
    topics: Vec<TopicLine>,
    /// How many topics of this kind are not shown here.
    more: Option<Figure>,
}

#[derive(Serialize)]
struct TopicLine {
    source: String,
    title: String,
    clause: String,
    count: Figure,
    names: Vec<Name>,
    /// There are more names behind it than are shown.
    cut_short: bool,
}

/// None where the caller is not offered topics. What is narrowed is only looked at: an agenda takes a topic with all its names.
pub async fn topics(
    ctx: &mut RequestContext,
    records: &Records,
    (facts, asked): (&Facts, &Asked<'_>),
) -> Result<Option<TopicsView>> {
    if !ctx.can("topic", "read") {
        return Ok(None);
    }
    let programme = ctx.programme();
    let (next, last) = meetings::around(&mut ctx.tx, &programme).await?;
    let offers = meetings::offers_from(&mut ctx.tx, &programme, last.as_ref(), records).await?;
    let cut = &asked.of_year();
    let narrowed = cut.is_narrowed();
    let fits = |name: &Name| !narrowed || facts.place(&name.school).is_some_and(|place| cut.holds(place));
    let mut kinds: Vec<(&'static str, Vec<Topic>)> = Vec::new();
    for mut topic in offers.moved.into_iter().chain(offers.unchanged) {
        topic.names.retain(fits);
        topic.href = behind(&topic.href, facts, cut);
        if topic.names.is_empty() || !asked.fits(&programme, &topic.clause) {
            continue;
        }
        match kinds.iter_mut().find(|(kind, _)| *kind == topic.kind.label()) {
            Some((_, topics)) => topics.push(topic),
            None => kinds.push((topic.kind.label(), vec![topic])),
        }
    }
    let convenes = ctx.can("meeting", "convene") && !narrowed;
    let actor = std::sync::Arc::clone(&ctx.actor);
    let first = meetings::rules::held_by(&programme, |role| actor.has_role(role)).next();
    let convene = first.filter(|_| convenes && next.is_none());
    Ok(Some(TopicsView {
        kinds: kinds.into_iter().map(|(kind, topics)| group(kind, topics)).collect(),
        version: next.as_ref().map_or(0, |row| row.version),
        meeting: next
            .filter(|_| convenes)
            .map(|row| Link::new(format!("/meetings/{}", row.id), row.title.clone())),
        convene: convene
            .map(|kind| Link::new(format!("/meetings/new/{}", kind.id), format!("召集{}", kind.name))),
    }))
}

/// How many names stand behind each kind of what is offered: for a screen before which anybody may stand.
pub async fn counts(ctx: &mut RequestContext, records: &Records) -> Result<Vec<(&'static str, i64)>> {
    if !ctx.can("topic", "read") {
        return Ok(Vec::new());
    }
    let programme = ctx.programme();
    let (_, last) = meetings::around(&mut ctx.tx, &programme).await?;
    let offers = meetings::offers_from(&mut ctx.tx, &programme, last.as_ref(), records).await?;
    let mut counts: Vec<(&'static str, i64)> = Vec::new();
    for topic in offers.moved.into_iter().chain(offers.unchanged) {
        let (kind, names) = (topic.kind.label(), i64::try_from(topic.names.len()).unwrap_or(i64::MAX));
        match counts.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, number)) => *number = number.saturating_add(names),
            None if names > 0 => counts.push((kind, names)),
            None => {}
        }
    }
    Ok(counts)
}

/// Lists that take a city by its name, and those that take it by its code.
const BY_NAME: [&str; 2] = ["/clocks", "/readiness"];
const BY_CODE: [&str; 3] = ["/needs", "/pairings", "/lists"];

/// Where the rows of a topic stand, narrowed as the page is wherever that list can be.
fn behind(href: &str, facts: &Facts, cut: &Slice) -> String {
    let list = href.split('?').next().unwrap_or_default();
    let city = if BY_NAME.contains(&list) {
        cut.city.as_str()
    } else if BY_CODE.contains(&list) {
        let place = facts.places.iter().find(|place| place.city == cut.city);
        place.map_or("", |place| place.city_code.as_str())
    } else {
        return href.to_owned();
    };
    let mut narrowed = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("city", city), ("typical", cut.typical.as_str())] {
        if !value.is_empty() {
            narrowed.append_pair(name, value);
        }
    }
    let narrowed = narrowed.finish();
    match (narrowed.is_empty(), href.contains('?')) {
        (true, _) => href.to_owned(),
        (false, true) => format!("{href}&{narrowed}"),
        (false, false) => format!("{href}?{narrowed}"),
    }
}

fn number(count: usize) -> Reported<i64> {
    Reported::Value(i64::try_from(count).unwrap_or(i64::MAX))
}

fn group(kind: &'static str, mut topics: Vec<Topic>) -> TopicGroup {
    let all = topics.iter().map(|topic| topic.names.len()).sum();
    let href = match topics.as_slice() {
        [one] => one.href.clone(),
        _ => "/topics".to_owned(),
    };
    let hidden = topics.len().saturating_sub(TOPICS);
    topics.truncate(TOPICS);
    TopicGroup {
        kind,
        total: Figure::of(number(all), Unit::Items, href, kind),
        topics: topics.into_iter().map(line).collect(),
        more: (hidden > 0)
            .then(|| Figure::of(number(hidden), Unit::Items, "/topics", format!("其余：{kind}"))),
    }
}

fn line(mut topic: Topic) -> TopicLine {
    let count = Figure::of(number(topic.names.len()), Unit::Items, &topic.href, &topic.title);
    let cut_short = topic.names.len() > NAMES;
    topic.names.truncate(NAMES);
    TopicLine {
        source: topic.source,
        title: topic.title,
        clause: topic.clause,
        count,
        names: topic.names,
        cut_short,
    }
}

/// Puts one of them on the agenda of the caller's next meeting.
pub async fn put(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let (version, source) = (ctx.form_version()?, ctx.form.values.get("source").to_owned());
    let (next, last) = meetings::around(&mut ctx.tx, &programme).await?;
    let none = "还没有召集下一次会议，请先召集会议，再列入议程。";
    let meeting = next.ok_or_else(|| Error::NotNow(none.to_owned()))?;
    let offers = meetings::offers(&mut ctx.tx, &programme, last.as_ref()).await?;
    let gone = "这一项刚被列入议程，或者已经不用研究了。请看过现在的内容再定。";
    let topic = offers.find(&source).ok_or_else(|| Error::Conflict(gone.to_owned()))?;
    let opened = meetings::opened(&mut ctx.tx, &programme, &meeting.id).await?;
    meetings::take(&mut ctx.tx, &opened, version, topic).await?;
    Ok(Reply::done("/overview", Flash::done(format!("已列入{}的议程。", meeting.title))))
}
