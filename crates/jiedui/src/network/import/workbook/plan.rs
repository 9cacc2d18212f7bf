//! What a file comes to, as it is written when somebody accepted it. It is found out while nothing is written: from what stood
//! then, and from what the rows before each row will have made. So looking keeps nobody from writing, and writing takes few
//! statements: what is the same is not touched, and what is new comes many rows at a time.

use crate::network::pairings::{self, Judged};
use crate::network::registry::{self, NewFlag, NewOrg, NewPost, OrgRow};
use crate::shared::left_open::{LeftBy, LeftCourse};
use crate::shared::mechanism;
use jiedui_kernel::{Date, Error, Result};
use jiedui_store::Tx;

const NOT_OVER: &str =
    "接收的学校刚有变化，未完的需求和项目不能全部转入，什么也没有写入。请重新上传，看过预览再确认。";

#[derive(Debug, Default)]
pub struct Plan {
    /// Other names of schools, before those come that are new: one of them may have the old name.
    pub names: Vec<Act>,
    /// Each with its id.
    pub schools: Vec<(String, NewOrg)>,
    pub flags: Vec<NewFlag>,
    /// What happens to schools that are there, in the order in which it happened.
    pub acts: Vec<Act>,
    pub posts: Vec<Post>,
    pub pairings: Vec<Judged>,
}

/// Something that is written on a school.
#[derive(Debug)]
pub enum Act {
    Facts { old: Box<OrgRow>, new: Box<NewOrg> },
    Relocation { org: Box<OrgRow>, division: String, parent: String },
    FlagEnds { org: String, flag: String, to: Option<Date> },
    Lineage { org: String, kind: &'static str, other: Option<String>, day: Date, note: String },
    Name { org: String, name: String },
    Close { org: String, day: Date },
    EndPairings { org: String, day: Date, reason: String },
    SettleLeft(Left),
}

/// What becomes of what a school leaves open that is no more.
#[derive(Debug)]
pub struct Left {
    pub org: String,
    pub successor: Option<String>,
    pub day: Date,
    pub reason: String,
    pub course: LeftCourse,
}

/// A post that a person is given, or that says something else now.
#[derive(Debug)]
pub struct Post {
    pub org: String,
    pub name: String,
    pub post: &'static str,
    pub title: String,
    pub from: Date,
    pub to: Option<Date>,
    pub demo: bool,
}

impl Plan {
    /// Writes all of it; the leaf is the caller's.
    pub async fn write(&self, tx: &mut Tx) -> Result<()> {
        for act in &self.names {
            act.write(tx).await?;
        }
        registry::insert_many(tx, &self.schools).await?;
        registry::insert_flags(tx, &self.flags).await?;
        for act in &self.acts {
            act.write(tx).await?;
        }
        let posts: Vec<NewPost<'_>> = self.posts.iter().map(Post::as_new).collect();
        registry::add_posts(tx, &posts).await?;
        for pairing in &self.pairings {
            pairings::keep(tx, pairing).await?;
        }
        Ok(())
    }
}

impl Act {
    async fn write(&self, tx: &mut Tx) -> Result<()> {
        match self {
            Self::Facts { old, new } => registry::update_school(tx, old, new).await.map(drop),
            Self::Relocation { org, division, parent } => registry::relocate(tx, org, division, parent).await,
            Self::FlagEnds { org, flag, to } => registry::end_flag(tx, org, (flag, *to)).await,
            Self::Lineage { org, kind, other, day, note } => {
                registry::note_lineage(tx, org, kind, other.as_deref(), *day, note).await
            }
            Self::Name { org, name } => {
                let found = registry::found(tx, org).await?;
                registry::rename(tx, &found, name).await
            }
            Self::Close { org, day } => {
                let found = registry::found(tx, org).await?;
                registry::close(tx, &found, *day).await
            }
            Self::EndPairings { org, day, reason } => {
                pairings::end_of_school(tx, org, *day, reason).await.map(drop)
            }
            Self::SettleLeft(left) => left.settle(tx).await,
        }
    }
}

impl Left {
    async fn settle(&self, tx: &mut Tx) -> Result<()> {
        let of = LeftBy {
            school: &self.org,
            successor: self.successor.as_deref(),
            foreseen: None,
            day: self.day,
            reason: &self.reason,
            course: self.course,
        };
        let found = mechanism::left_open(tx, of).await?;
        // What cannot go over is left as it was: nobody would know of it.
        let stays = found.iter().any(|item| item.asked && item.stays.is_some());
        if self.course == LeftCourse::GoesOver && stays {
            return Err(Error::Conflict(NOT_OVER.to_owned()));
        }
        Ok(())
    }
}

impl Post {
    fn as_new(&self) -> NewPost<'_> {
        NewPost {
            org: &self.org,
            name: &self.name,
            post: self.post,
            title: &self.title,
            from: self.from,
            to: self.to,
            demo: self.demo,
        }
    }
}
