//! The minutes as a document to file.

use super::rules::parcel::MeetingParcel;
use jiedui_documents::{TableColumn, TableDocument};
use jiedui_web::figure::when;

pub fn minutes(parcel: &MeetingParcel, digest: &str) -> TableDocument {
    let mut rows = Vec::new();
    for (at, item) in parcel.agenda.iter().enumerate() {
        let first = [(at + 1).to_string(), item.title.clone()];
        if item.decisions.is_empty() {
            rows.push(first.to_vec());
        }
        for (line, one) in item.decisions.iter().enumerate() {
            // The topic stands beside its first decision only.
            let [number, title] = if line == 0 { first.clone() } else { Default::default() };
            rows.push(vec![number, title, one.text.clone(), one.owner_name.clone(), one.due.to_string()]);
        }
    }
    TableDocument {
        title: format!("{}纪要", parcel.title),
        above: above(parcel),
        columns: vec![
            TableColumn::new("序号", 6.0).centred(),
            TableColumn::new("议题", 30.0),
            TableColumn::new("议定事项", 34.0),
            TableColumn::new("责任单位", 20.0),
            TableColumn::new("办结期限", 12.0).centred(),
        ],
        rows,
        below: below(parcel, digest),
        ..TableDocument::default()
    }
}

fn above(parcel: &MeetingParcel) -> Vec<String> {
    let at = if parcel.at.is_empty() { String::new() } else { format!(" {}", parcel.at) };
    let mut lines = vec![format!("时间：{}{at}　召集：{}", parcel.on, parcel.host_name)];
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
    let taken = when(parcel.stamp.taken_at);
    lines.push(format!("办结：{}　校验值：{digest}", taken.get(..10).unwrap_or(&taken)));
    lines
}
