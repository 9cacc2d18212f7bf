//! A yearly project list played by its parties, each through the function that its page uses.

use super::course::{Course, Live};
use super::lists::List;
use super::maker::{Maker, describe};
use super::stages::{Act, Side};
use super::themes::{DUTIES, HIGHLIGHTS};
use crate::network::pairings::PairingRow;
use crate::network::registry;
use crate::planning::needs::{self, NeedState};
use crate::planning::projects::{self, Ended, Fields, LoadedList, ProjectRow, Remark, Take};
use crate::shared::review::Action;
use jiedui_kernel::{Actor, Date, Error, Result};
use std::sync::Arc;

const REASON: &str = "材料缺责任人和经费来源，请补齐后重新提交。";

impl Course<'_> {
    pub(super) async fn list(&mut self, maker: &mut Maker, at: usize, day: Date, act: Act) -> Result<()> {
        let done = self.play(maker, at, day, act).await;
        done.map_err(|error| describe(&format!("list {at} {act:?} on {day}"), error))
    }

    async fn play(&mut self, maker: &mut Maker, at: usize, day: Date, act: Act) -> Result<()> {
        let Some(row) = self.lists.get(at).and_then(|list| self.rows.get(list.row)) else { return Ok(()) };
        let actor = self.actor(maker, row, act, day).await?;
        maker.act(&actor, day);
        match act {
            Act::Begin => return self.begin(maker, at, row).await,
            Act::Close(slot, result) => return self.close(maker, (at, slot), result).await,
            Act::Met(slot, helped, word) => return self.met(maker, (at, slot), helped, word).await,
            _ => {}
        }
        let programme = Arc::clone(&maker.programme);
        let id = self.ids.get(at).cloned().unwrap_or_default();
        let opened = projects::open(&mut maker.tx, &programme, &id).await?;
        // Where nothing was left to change, nothing is handed in either.
        if !open_to(&opened, act) {
            return Ok(());
        }
        let (version, revision, tx) = (opened.row.version, opened.row.revision, &mut maker.tx);
        match act {
            Act::Submit => projects::submit(tx, &programme, &opened, version).await,
            Act::Agree(_) => projects::answer(tx, &programme, &opened, (Action::Agree, revision, "")).await,
            Act::SendBack(word) => {
                projects::answer(tx, &programme, &opened, (Action::Return, revision, word)).await
            }
            Act::Comment(words) => {
                projects::answer(tx, &programme, &opened, (Action::Comment, revision, words)).await
            }
            Act::File => self.file(maker, at, &opened, day).await,
            Act::Return => {
                let rows = projects::of_list(tx, &id).await?;
                projects::return_to_submitter(tx, &opened, version, REASON, &remarks(&rows)).await
            }
            Act::Mend => mend(maker, &opened).await,
            Act::Begin | Act::Close(..) | Act::Met(..) => Ok(()),
        }
    }

    async fn actor(
        &mut self,
        maker: &mut Maker,
        row: &PairingRow,
        act: Act,
        day: Date,
    ) -> Result<Arc<Actor>> {
        let org = match act {
            Act::Begin | Act::Submit | Act::Mend | Act::Close(..) => row.lead.clone(),
            Act::Agree(Side::Nearby) => row.nearby.clone(),
            Act::Agree(Side::County) | Act::SendBack(_) | Act::Met(..) => row.county_school.clone(),
            Act::Comment(_) => match self.cities.get(&row.city_code) {
                Some(city) => city.clone(),
                None => {
                    let city = registry::bureau(&mut maker.tx, "city_bureau", &row.city_code).await?;
                    let city =
                        city.ok_or_else(|| Error::internal(format_args!("no city of {}", row.place)))?;
                    self.cities.insert(row.city_code.clone(), city.clone());
                    city
                }
            },
            Act::File | Act::Return => {
                maker.act_as_office(day);
                return Ok(Arc::clone(maker.tx.actor()));
            }
        };
        maker.actor(&org).await
    }

    /// Drafts the list: what is carried over first, but for the duties, which begin from scratch.
    async fn begin(&mut self, maker: &mut Maker, at: usize, row: &PairingRow) -> Result<()> {
        let programme = Arc::clone(&maker.programme);
        let Some(list) = self.lists.get(at) else { return Ok(()) };
        let tx = &mut maker.tx;
        let id = projects::begin(tx, row, list.year).await?;
        let opened = projects::open(tx, &programme, &id).await?;
        let mut carried = Vec::new();
        if let Some(before) = list.rest.and_then(|rest| self.ids.get(rest)) {
            let before = projects::open(tx, &programme, before).await?;
            let asked = needs::of_school(tx, &row.county_school).await?;
            let asked: Vec<_> = asked.into_iter().filter(|need| need.state == NeedState::Open).collect();
            projects::take_over(tx, &programme, &opened, &before.row, Take::Rest, &asked).await?;
            for project in projects::of_list(tx, &id).await? {
                if project.basis == "duty" || (project.basis == "need" && project.need.is_none()) {
                    let found = projects::find(tx, &project.id).await?;
                    projects::remove(tx, &opened, &found, project.version).await?;
                } else {
                    carried.push(project.title);
                }
            }
        }
        for project in list.projects.iter().filter(|one| !carried.contains(&one.fields.title)) {
            projects::add(tx, &programme, &opened, &project.fields, None, true).await?;
        }
        if let Some(place) = self.ids.get_mut(at) {
            *place = id;
        }
        Ok(())
    }

    /// Files it under the next number; from now on entries may name its projects.
    async fn file(&mut self, maker: &mut Maker, at: usize, opened: &LoadedList, day: Date) -> Result<()> {
        let Some(list) = self.lists.get(at) else { return Ok(()) };
        let count = self.numbers.entry(list.year).or_default();
        *count += 1;
        let number = format!("协作备〔{}〕{count}号", list.year);
        let programme = Arc::clone(&maker.programme);
        projects::file(&mut maker.tx, &programme, opened, opened.row.version, (&number, day)).await?;
        let rows = projects::of_list(&mut maker.tx, &opened.row.id).await?;
        let taken: Vec<&String> = rows.iter().filter_map(|row| row.carried_from.as_ref()).collect();
        for live in &mut self.live {
            live.retain(|one| !taken.contains(&&one.id));
        }
        let known = self.live.get(at).map(Vec::as_slice).unwrap_or_default();
        let claimed = |id: &str| known.iter().find(|one| one.id == id).map_or(0, |one| one.claimed);
        let in_force = rows.iter().filter(|row| row.ended == Ended::Not).map(|row| Live {
            slot: list.projects.iter().position(|one| one.fields.title == row.title),
            activity: self.activity(list, row),
            from: row.from_day,
            quantity: row.quantity,
            claimed: claimed(&row.id),
            id: row.id.clone(),
        });
        let in_force: Vec<Live> = in_force.collect();
        if let Some(live) = self.live.get_mut(at) {
            *live = in_force;
        }
        Ok(())
    }

    /// The activity that moves a project: of the plan, or, where it was carried over, of its title.
    fn activity(&self, list: &List, row: &ProjectRow) -> String {
        let planned = list.projects.iter().find(|one| one.fields.title == row.title);
        let theme = self.wants.themes.iter().find(|theme| theme.project == row.title);
        let own = HIGHLIGHTS.iter().chain(&DUTIES).find(|own| own.title == row.title);
        planned
            .map(|one| one.activity.clone())
            .or_else(|| theme.map(|theme| theme.activity.clone()))
            .or_else(|| own.map(|own| own.activity.to_owned()))
            .unwrap_or_default()
    }

    /// Closes a project where all of it is confirmed by now.
    async fn close(&mut self, maker: &mut Maker, (at, slot): (usize, usize), result: &str) -> Result<()> {
        let live = self.live.get(at).and_then(|live| live.iter().position(|one| one.slot == Some(slot)));
        let Some((live, place)) = self.live.get_mut(at).zip(live) else { return Ok(()) };
        let Some(id) = live.get(place).map(|one| one.id.clone()) else { return Ok(()) };
        let project = projects::find(&mut maker.tx, &id).await?;
        if project.confirmed < project.quantity || project.ended != Ended::Not || !project.proposed.is_empty()
        {
            return Ok(());
        }
        projects::close(&mut maker.tx, &project, project.version, result).await?;
        live.remove(place);
        self.closed.insert((at, slot));
        Ok(())
    }

    /// Where the project was closed, the school says whether it helped.
    async fn met(
        &mut self,
        maker: &mut Maker,
        (at, slot): (usize, usize),
        helped: &str,
        word: &str,
    ) -> Result<()> {
        let want = self.lists.get(at).and_then(|list| list.projects.get(slot)).and_then(|one| one.want);
        let Some(want) = want.and_then(|want| self.wants.all.get(want)) else { return Ok(()) };
        if !self.closed.contains(&(at, slot)) {
            return Ok(());
        }
        let need = needs::find(&mut maker.tx, &want.id).await?;
        if need.state == NeedState::Open {
            needs::close(&mut maker.tx, &need, need.version, helped, word).await
        } else {
            Ok(())
        }
    }
}

/// Whether the list stands so that this can be done to it.
fn open_to(opened: &LoadedList, act: Act) -> bool {
    match act {
        Act::Submit => opened.can(Action::Submit),
        Act::Agree(_) | Act::SendBack(_) => opened.can(Action::Agree),
        Act::Comment(_) => opened.can(Action::Comment),
        Act::File => opened.can(Action::Accept),
        Act::Return => opened.can(Action::Return),
        _ => opened.can(Action::Edit),
    }
}

fn remarks(rows: &[ProjectRow]) -> Vec<Remark> {
    let remark = |row: Option<&ProjectRow>, field: &str, text: &str| Remark {
        project: row.map(|row| row.id.clone()),
        field: field.to_owned(),
        text: text.to_owned(),
    };
    vec![
        remark(rows.first(), "owner", "请写到具体责任人。"),
        remark(rows.get(1), "outcome", "写得太笼统，请写明年底能看到什么。"),
        remark(rows.get(1), "budget", "请与县局核对经费来源。"),
        remark(None, "", "请附三方商定的纪要。"),
    ]
}

/// Somewhat more is promised, and it is looked at once more.
async fn mend(maker: &mut Maker, opened: &LoadedList) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let rows = projects::of_list(&mut maker.tx, &opened.row.id).await?;
    let wanted = rows.iter().filter(|row| row.ended == Ended::Not);
    let Some((project, fields)) = wanted.filter_map(|row| Some((row, row.wanted()?))).next() else {
        return Ok(());
    };
    let changed = Fields {
        quantity: fields.quantity + fields.quantity / 5 + 1,
        outcome: format!("{}，年底组织回访", fields.outcome),
        ..fields
    };
    let found = projects::find(&mut maker.tx, &project.id).await?;
    projects::edit(&mut maker.tx, &programme, opened, &found, project.version, &changed).await
}
