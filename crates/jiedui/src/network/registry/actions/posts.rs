//! Persons and the posts that they have from a day on.

use super::super::{data, led_to, lock};
use crate::shared::contributions;
use jiedui_kernel::{Date, Result};
use jiedui_store::{Arg, Tx, args, line};
use std::collections::{HashMap, HashSet};

pub struct NewPost<'a> {
    pub org: &'a str,
    pub name: &'a str,
    pub post: &'a str,
    pub title: &'a str,
    pub from: Date,
    pub to: Option<Date>,
    pub demo: bool,
}

/// Gives a person a dated post; a person of that name at that school is the same person, also where the record of that name
/// leads to another one meanwhile. Says whether it was new.
pub async fn ensure_post(tx: &mut Tx, new: &NewPost<'_>) -> Result<bool> {
    // Two at once would both make the person.
    lock(tx, new.org).await?;
    let known = tx.maybe::<(String,)>(&data::PERSON_AT_NAMED, args![new.org, new.name]).await?;
    let person = match known {
        Some((id,)) => id,
        None => {
            let id = tx.new_id();
            tx.add_rows(&data::INSERT_PERSON, vec![person_line(&id, new)]).await?;
            id
        }
    };
    // A post is the same under whichever record of the person it was registered.
    let counted = led_to(tx, &person).await?;
    let same = tx
        .maybe::<(String, Option<Date>, String)>(
            &data::POST_FROM,
            args![&counted, new.org, new.post, new.from],
        )
        .await?;
    match same {
        Some((_, to, title)) if to == new.to && title == new.title => Ok(false),
        Some((id, _, _)) => {
            tx.write_one(&data::UPDATE_POST, args![&id, new.org, new.to, new.title]).await?;
            contributions::post_changed(tx, &counted).await?;
            Ok(true)
        }
        None => {
            let line = post_line(tx.new_id(), &person, new);
            tx.add_rows(&data::INSERT_POST, vec![line]).await?;
            contributions::post_changed(tx, &counted).await?;
            Ok(true)
        }
    }
}

fn person_line(id: &str, new: &NewPost<'_>) -> Vec<Arg> {
    line!(data::INSERT_PERSON { id, name: new.name, demo: new.demo, version: 1_i64 })
}

fn post_line(id: String, person: &str, new: &NewPost<'_>) -> Vec<Arg> {
    line!(data::INSERT_POST {
        id,
        person,
        org: new.org,
        post: new.post,
        title: new.title,
        from_day: new.from,
        to_day: new.to,
    })
}

/// The same for many posts, as a file brings them. Whoever is not at a school yet comes with few statements for all: nothing
/// can rest on them before they are there.
pub async fn add_posts(tx: &mut Tx, new: &[NewPost<'_>]) -> Result<()> {
    let mut known: HashMap<&str, HashSet<String>> = HashMap::new();
    let mut made: HashMap<(&str, &str), String> = HashMap::new();
    let (mut people, mut posts) = (Vec::new(), Vec::new());
    for one in new {
        let is_asked = known.contains_key(one.org);
        if !is_asked {
            // Two at once would both make the person.
            lock(tx, one.org).await?;
            let names = tx.all::<(String,)>(&data::NAMES_AT, args![one.org]).await?;
            known.insert(one.org, names.into_iter().map(|(name,)| name).collect());
        }
        if known.get(one.org).is_some_and(|names| names.contains(one.name)) {
            ensure_post(tx, one).await?;
            continue;
        }
        let person = made.entry((one.org, one.name)).or_insert_with(|| {
            let id = tx.new_id();
            people.push(person_line(&id, one));
            id
        });
        posts.push(post_line(tx.new_id(), person, one));
    }
    tx.add_rows(&data::INSERT_PERSON, people).await?;
    tx.add_rows(&data::INSERT_POST, posts).await.map(drop)
}
