//! The papers of a meeting: what is handed out before it, and the minutes to file.

use super::data::MeetingRow;
use super::rules::parcel::{AgendaItem, MeetingParcel, Pack};
use crate::shared::contributions::month_title;
use crate::shared::papers::{amount_in_column, day_words};
use jiedui_documents::paper::{Document, Table, TableColumn};
use jiedui_kernel::{Unit, shanghai_date};
use jiedui_programme::Programme;

/// 会议材料: agenda, how earlier decisions stand, and what was done since the meeting before.
pub fn pack(programme: &Programme, row: &MeetingRow, agenda: &[AgendaItem], pack: &Pack) -> Document {
    let mut document = Document::new(format!("{}材料", row.title));
    let at = if row.at_time.is_empty() { String::new() } else { format!(" {}", row.at_time) };
    document.facts(vec![
        ("时间", format!("{}{at}", day_words(row.on_day))),
        ("地点", row.place.clone()),
        ("召集", row.host_name.clone()),
    ]);
    document.heading(1, "议程");
    for item in agenda {
        document.heading(2, item.title.clone());
        let names: Vec<_> = item.names.iter().map(|name| name.label.as_str()).collect();
        document.text(&names.join("、"));
    }
    if agenda.is_empty() {
        document.text("还没有列入议题。");
    }
    if !pack.followups.is_empty() {
        document.heading(1, "以前交办的事项");
        let columns = [("事项", 27.0), ("责任单位", 19.0), ("办结期限", 17.0), ("现在", 12.0)];
        let row = |one: &super::rules::parcel::PackFollowup| {
            vec![one.text.clone(), one.owner_name.clone(), day_words(one.due), one.standing.clone()]
        };
        document.table(named(&columns), pack.followups.iter().map(row).collect());
    }
    document.heading(1, "办了什么");
    let (since, until) = pack.months;
    let months = match since == until {
        true => month_title(since),
        false => format!("{}至{}", month_title(since), month_title(until)),
    };
    let months = format!("{months}；没有变化的不列。");
    document.text(&months);
    let row = |one: &super::rules::parcel::PackFigure| {
        let unit = programme.indicator(&one.indicator).map_or(Unit::Items, |of| of.unit);
        let shown = |value: i64| amount_in_column(value, unit);
        vec![one.name.clone(), shown(one.claimed), shown(one.confirmed)]
    };
    if !pack.figures.is_empty() {
        let columns = [("指标", 30.0), ("登记", 12.0), ("确认", 12.0)];
        document.table(named(&columns), pack.figures.iter().map(row).collect());
    }
    document
}

fn named(columns: &[(&str, f64)]) -> Vec<TableColumn> {
    columns.iter().map(|(heading, width)| TableColumn::new(heading, *width)).collect()
}

pub fn minutes(parcel: &MeetingParcel, digest: &str) -> Document {
    let mut rows = Vec::new();
    for (at, item) in parcel.agenda.iter().enumerate() {
        let first = [(at + 1).to_string(), item.title.clone()];
        if item.decisions.is_empty() {
            rows.push(first.to_vec());
        }
        for (line, one) in item.decisions.iter().enumerate() {
            // The topic stands beside its first decision only.
            let [number, title] = if line == 0 { first.clone() } else { Default::default() };
            rows.push(vec![number, title, one.text.clone(), one.owner_name.clone(), day_words(one.due)]);
        }
    }
    let columns = vec![
        TableColumn::new("序号", 6.0).centred(),
        TableColumn::new("议题", 28.0),
        TableColumn::new("议定事项", 34.0),
        TableColumn::new("责任单位", 20.0),
        TableColumn::new("办结期限", 15.0).centred(),
    ];
    let title = format!("{}纪要", parcel.title);
    Document::of_table(title, &above(parcel), Table { columns, rows }, &below(parcel, digest))
}

fn above(parcel: &MeetingParcel) -> Vec<String> {
    let at = if parcel.at.is_empty() { String::new() } else { format!(" {}", parcel.at) };
    let mut lines = vec![format!("时间：{}{at}　召集：{}", day_words(parcel.on), parcel.host_name)];
    if !parcel.place.is_empty() {
        lines.push(format!("地点：{}", parcel.place));
    }
    let came = parcel.attendance.iter().filter(|one| one.attended).map(|one| match one.persons.as_str() {
        "" => one.name.clone(),
        persons => format!("{}（{persons}）", one.name),
    });
    lines.push(format!("到会：{}", came.collect::<Vec<_>>().join("、")));
    let absent: Vec<_> =
        parcel.attendance.iter().filter(|one| !one.attended).map(|one| one.name.as_str()).collect();
    if !absent.is_empty() {
        lines.push(format!("未到：{}", absent.join("、")));
    }
    lines
}

fn below(parcel: &MeetingParcel, digest: &str) -> Vec<String> {
    let mut lines: Vec<String> = parcel.minutes.lines().map(str::to_owned).collect();
    lines.push(format!("归档：{}　校验值：{digest}", day_words(shanghai_date(parcel.stamp.taken_at))));
    lines
}
