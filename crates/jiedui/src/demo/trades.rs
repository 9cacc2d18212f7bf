//! What the schools of the demonstration teach and what their counties live on, as major categories; all invented.

use super::maker::Maker;
use super::schools::{School, Schools};
use crate::network::registry::{self, CategoryKind};
use jiedui_kernel::{Date, Error, Result};

type Names = &'static [&'static [&'static str]];

/// In the order of the lead colleges.
const LEADS: [&[&str]; 9] = [
    &["机械类", "电工电子类", "信息类", "交通类", "服务类"],
    &["机械类", "建筑类", "轻工类", "文化艺术类"],
    &["机械类", "电工电子类", "冶金类", "能源类"],
    &["服务类", "财经商贸类", "信息类", "医药类"],
    &["信息类", "电工电子类", "机械类", "文化艺术类"],
    &["电工电子类", "轻工类", "机械类"],
    &["交通类", "服务类", "化工类"],
    &["轻工类", "农业类", "财经商贸类"],
    &["机械类", "轻工类", "建筑类", "化工类"],
];
/// Taken in turn.
const NEARBY: [&[&str]; 5] = [
    &["机械类", "交通类"],
    &["电工电子类", "信息类", "服务类"],
    &["财经商贸类", "农业类"],
    &["轻工类", "机械类"],
    &["建筑类", "能源类", "服务类"],
];
/// Taken in turn; the empty ones are counties for which nobody has set anything.
const COUNTIES: [&[&str]; 11] = [
    &["农业类", "轻工类"],
    &["机械类", "建筑类"],
    &["农业类", "服务类", "财经商贸类"],
    &["电工电子类", "轻工类"],
    &["农业类", "医药类"],
    &["能源类", "建筑类"],
    &["机械类", "电工电子类", "交通类"],
    &["化工类", "轻工类"],
    &["服务类", "文化艺术类"],
    &["冶金类", "机械类", "能源类"],
    &[],
];

/// The office sets them when the lists of schools are there.
pub async fn set(maker: &mut Maker, schools: &Schools, day: Date) -> Result<()> {
    maker.act_as_office(day);
    let groups: [(&[School], Names, CategoryKind); 3] = [
        (&schools.lead, &LEADS, CategoryKind::Major),
        (&schools.nearby, &NEARBY, CategoryKind::Major),
        (&schools.county, &COUNTIES, CategoryKind::Industry),
    ];
    for (schools, names, kind) in groups {
        for (school, names) in schools.iter().zip(names.iter().cycle()).filter(|(_, names)| !names.is_empty())
        {
            let chosen: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let known = &maker.programme.matching.categories.names;
            if let Some(odd) = chosen.iter().find(|name| !known.contains(name)) {
                return Err(Error::internal(format_args!("no category {odd}")));
            }
            let org = registry::found(&mut maker.tx, &school.id).await?;
            registry::set_categories(&mut maker.tx, &org, kind, &chosen, (day, "示例")).await?;
        }
    }
    Ok(())
}
