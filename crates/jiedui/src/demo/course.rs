//! Everything that was done about projects and in the ledger, day by day, whoever did it: a project is claimed on after
//! its list was filed, and closed after its entries were confirmed.

use super::deeds::{self, Act as Said, Deed, Part, kept};
use super::lists::List;
use super::maker::Maker;
use super::stages::Act;
use super::wants::Wants;
use crate::evidence::ledger::rules::EntryAnswer;
use crate::network::pairings::PairingRow;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Result};
use std::collections::{HashMap, HashSet};

/// A project in force: entries may name it.
pub struct Live {
    pub id: String,
    /// Its place in the plan of its list; `None` where it was carried over.
    pub slot: Option<usize>,
    pub activity: String,
    /// Work before this day is no part of it.
    pub from: Date,
    pub quantity: i64,
    pub claimed: i64,
}

pub struct Course<'a> {
    pub rows: &'a [PairingRow],
    pub wants: &'a Wants,
    pub lists: Vec<List>,
    /// By list: its id, and its projects in force.
    pub ids: Vec<String>,
    pub live: Vec<Vec<Live>>,
    /// Projects that were closed, by list and place.
    pub closed: HashSet<(usize, usize)>,
    /// How many lists of a year were filed, for their numbers.
    pub numbers: HashMap<i32, u32>,
    pub cities: HashMap<String, String>,
    deeds: Vec<Deed>,
    entries: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
enum Event {
    List(usize, Act),
    Claim(usize),
    Said(usize, usize),
}

impl<'a> Course<'a> {
    pub fn new(rows: &'a [PairingRow], wants: &'a Wants, lists: Vec<List>, deeds: Vec<Deed>) -> Self {
        Self {
            rows,
            wants,
            ids: vec![String::new(); lists.len()],
            live: lists.iter().map(|_| Vec::new()).collect(),
            entries: vec![String::new(); deeds.len()],
            lists,
            deeds,
            closed: HashSet::new(),
            numbers: HashMap::new(),
            cities: HashMap::new(),
        }
    }

    /// In the order of days; what happens to one thing stays in its order.
    fn events(&self) -> Vec<(Date, Event)> {
        let mut events = Vec::new();
        for (at, list) in self.lists.iter().enumerate() {
            events.extend(list.acts.iter().map(|(day, act)| (*day, Event::List(at, *act))));
        }
        for (at, deed) in self.deeds.iter().enumerate() {
            events.push((deed.claimed, Event::Claim(at)));
            events
                .extend(deed.steps.iter().enumerate().map(|(step, (day, _))| (*day, Event::Said(at, step))));
        }
        events.sort_by_key(|(day, _)| *day);
        events
    }

    pub async fn run(mut self, maker: &mut Maker) -> Result<()> {
        for (day, event) in self.events() {
            match event {
                Event::List(at, act) => self.list(maker, at, day, act).await?,
                Event::Claim(at) => self.claim(maker, at).await?,
                Event::Said(at, step) => self.said(maker, at, step).await?,
            }
        }
        Ok(())
    }

    async fn claim(&mut self, maker: &mut Maker, at: usize) -> Result<()> {
        let Some((project, wanted)) = self.project(at) else { return Ok(()) };
        if project.is_none() && wanted {
            return Ok(());
        }
        let Some(deed) = self.deeds.get_mut(at) else { return Ok(()) };
        deed.new.project = project;
        let id = deeds::claim(maker, deed).await?;
        if let Some(entry) = self.entries.get_mut(at) {
            *entry = id;
        }
        Ok(())
    }

    /// The project that a deed moves, and whether it is nothing without one.
    fn project(&mut self, at: usize) -> Option<(Option<String>, bool)> {
        let deed = self.deeds.get(at)?;
        let (quantity, last) = (deed.quantity(), deed.new.to?);
        let year = last.year();
        let found = match deed.part {
            Part::No => None,
            Part::Of { list, slot } => self.live.get_mut(list)?.iter_mut().find(|one| one.slot == Some(slot)),
            Part::Any => {
                // One in nine names none: whoever claimed it did not think of it.
                let pairing = self.rows.iter().position(|row| row.id == deed.new.pairing.id)?;
                let list = self.lists.iter().position(|list| list.row == pairing && list.year == year);
                list.filter(|_| !at.is_multiple_of(9)).and_then(|list| self.live.get_mut(list)).and_then(
                    |live| {
                        live.iter_mut().find(|one| {
                            one.activity == deed.activity && one.claimed < one.quantity && one.from <= last
                        })
                    },
                )
            }
        };
        let id = found.filter(|live| live.from <= last).map(|live| {
            live.claimed += quantity;
            live.id.clone()
        });
        Some((id, matches!(deed.part, Part::Of { .. })))
    }

    async fn said(&mut self, maker: &mut Maker, at: usize, step: usize) -> Result<()> {
        let (Some(deed), Some(entry)) = (self.deeds.get(at), self.entries.get(at)) else { return Ok(()) };
        let Some(said) = deed.steps.get(step).filter(|_| !entry.is_empty()) else { return Ok(()) };
        deeds::advance(maker, deed, entry, said).await?;
        let quantity = deed.quantity();
        let lost = match &said.1 {
            Said::Answer(verdict, _) => quantity - kept(quantity, verdict),
            Said::Withdraw
                if !matches!(deed.steps.first(), Some((_, Said::Answer(EntryAnswer::Dispute, _)))) =>
            {
                quantity
            }
            _ => 0,
        };
        let project = deed.new.project.clone();
        for live in self.live.iter_mut().flatten().filter(|one| lost > 0 && Some(&one.id) == project.as_ref())
        {
            live.claimed -= lost;
        }
        Ok(())
    }
}
