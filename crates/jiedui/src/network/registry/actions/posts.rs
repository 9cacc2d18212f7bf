//! Persons and the posts that they have from a day on.

use super::super::{data, led_to, lock};
use crate::shared::contributions;
use jiedui_kernel::{Date, Result};
use jiedui_store::{Tx, args};

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
            tx.write(&data::INSERT_PERSON, args![&id, new.name, new.demo]).await?;
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
            let id = tx.new_id();
            tx.write(&data::INSERT_POST, args![id, &person, new.org, new.post, new.title, new.from, new.to])
                .await?;
            contributions::post_changed(tx, &counted).await?;
            Ok(true)
        }
    }
}
