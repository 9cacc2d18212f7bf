//! Another password, by its holder within a session. The one in use is asked for, and tries at it are counted.

use super::super::actions::factor;
use super::super::actions::outside;
use super::super::actions::tries::{self, Counter};
use super::super::data::{self, Seat};
use super::super::rules::guessed::KnownToOthers;
use super::super::rules::passwords;
use super::my_page;
use jiedui_kernel::{Code, Error, FieldError, Mistake, Result};
use jiedui_store::{AuditRecord, args};
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Flash, Reply};
use jiedui_web::session;
use jiedui_web::tokens;
use jiedui_web::work::{Kind, Prepared};
use std::sync::Arc;

/// What came of the password now in use, and the hash of the new one.
pub struct NewPassword {
    /// The hash that the old password was checked against.
    stored: String,
    /// None where the old password was another one.
    hashed: Option<passwords::Hashed>,
}

/// What is wrong with the new password is said before the one in use is looked at.
pub async fn count(ctx: &mut RequestContext) -> Result<Prepared<NewPassword>> {
    let [old, new, again] = ["old", "password", "again"].map(|name| ctx.form.values.get(name).to_owned());
    let errors = wrong_with(ctx, (&old, &new, &again)).await?;
    if !errors.is_empty() {
        return Ok(Prepared::Answered(my_page(ctx, errors).await?));
    }
    let account = ctx.actor.account().to_owned();
    if !tries::count(&mut ctx.tx, &Counter::inside(&account)).await? {
        let words = "现在的密码连续输错，请过几分钟再试。";
        let waits = FieldError::new("old", Code::NoMatch.says(words));
        return Ok(Prepared::Answered(my_page(ctx, vec![waits]).await?));
    }
    let (stored,) = ctx.tx.one::<(String,)>(&data::PASSWORD, args![&account]).await?;
    let random = ctx.app.random.clone();
    Ok(Prepared::work(Kind::Hashing, move || {
        let right = passwords::matches(&old, &stored);
        let hashed = if right { Some(passwords::hash(&new, &random)?) } else { None };
        Ok(NewPassword { stored, hashed })
    }))
}

async fn wrong_with(
    ctx: &mut RequestContext,
    (old, new, again): (&str, &str, &str),
) -> Result<Vec<FieldError>> {
    let account = ctx.actor.account().to_owned();
    let seats = ctx.tx.all::<Seat>(&data::SEATS, args![account]).await?;
    let known = KnownToOthers {
        login: ctx.session.as_ref().ok_or(Error::SignedOut)?.login.clone(),
        name: ctx.actor.name().to_owned(),
        units: seats.into_iter().map(|seat| seat.org_name).collect(),
    };
    let mut errors = passwords::weaknesses(new, &known);
    let mut say = |field: &str, mistake: Mistake| errors.push(FieldError::new(field, mistake));
    if old.is_empty() {
        say("old", Mistake::missing("现在的密码"));
    }
    if new != again {
        say("again", Code::NoMatch.says("两次输入的新密码不一样。"));
    }
    if new == old {
        say("password", Code::Unchanged.says("新密码要与现在的不同。"));
    }
    Ok(errors)
}

/// Somebody guesses within a session: recorded before the page is made, because a page that tells what is wrong writes nothing.
async fn note_wrong(ctx: &mut RequestContext) -> Result<()> {
    let account = ctx.actor.account().to_owned();
    let aside = ctx.app.db.read(Arc::clone(&ctx.actor)).await?;
    let mut tx = std::mem::replace(&mut ctx.tx, aside);
    let leaf = AuditRecord { action: "account.password_wrong", resource: "account", resource_id: &account };
    tx.audit(leaf, &serde_json::json!({})).await?;
    tx.commit().await
}

pub async fn change(ctx: &mut RequestContext, new: NewPassword) -> Result<Reply> {
    let Some(hashed) = new.hashed else {
        note_wrong(ctx).await?;
        let wrong = FieldError::new("old", Code::NoMatch.says("现在的密码不对。"));
        return my_page(ctx, vec![wrong]).await;
    };
    let session = ctx.session.clone().ok_or(Error::SignedOut)?;
    let account = ctx.actor.account().to_owned();
    let (stored,) = ctx.tx.one::<(String,)>(&data::PASSWORD, args![&account]).await?;
    if stored != new.stored {
        return Err(Error::Conflict("密码刚在别处改过，这一次没有修改。请用新的密码重新登录。".to_owned()));
    }
    tries::was_right(&mut ctx.tx, &Counter::inside(&account)).await?;
    ctx.tx.write_one(&data::SET_PASSWORD, args![&account, hashed.as_str(), false]).await?;
    ctx.tx.write(&data::USE_LINK, args![&account, ctx.now]).await?;
    factor::end_pending(&mut ctx.tx, &account).await?;
    session::close_others(&mut ctx.tx, &account, &session.id).await?;
    let leaf = AuditRecord { action: "account.password", resource: "account", resource_id: &account };
    ctx.tx.audit(leaf, &serde_json::json!({})).await?;
    // Whoever knew the old one may have made a token by it, or linked an account outside, which go on.
    let mut words = "密码已修改；在别处的登录都已退出。".to_owned();
    if tokens::open_ones(&mut ctx.tx, &account).await? > 0 {
        words.push_str("接口密钥仍然可用：请打开“接口密钥”，停用不是您新建的。");
    }
    if outside::of(&mut ctx.tx, &account).await?.is_some() {
        words.push_str("外部登录仍然可用：不是您关联的，请解除。");
    }
    Ok(Reply::done("/my", Flash::done(words)))
}
