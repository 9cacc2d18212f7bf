//! Accounts outside that open one here, as far as no provider is asked: that one is the real thing, in the browser tests.

use super::super::actions::asking::Vouched;
use super::super::actions::outside::{link, of, unlink, whose};
use super::super::data;
use super::super::rules::outside::mark;
use super::{OWN, account};
use crate::both_engines;
use crate::identity::accounts::{Account, disable};
use crate::site;
use crate::testing::{Agent, Province, programme};
use jiedui_kernel::{Error, Random};
use jiedui_store::{Tx, args};
use jiedui_web::{App, Provider};
use serde_json::Value;
use std::sync::Arc;

const ISSUER: &str = "https://id.example";

fn vouched(subject: &str) -> Vouched {
    Vouched { mark: mark(ISSUER, subject), shown: subject.to_owned(), strong: false }
}

/// What the password is checked against now.
async fn stored(tx: &mut Tx, account: &str) -> String {
    tx.one::<(String,)>(&data::PASSWORD, args![account]).await.unwrap().0
}

both_engines! {
    /// One outside opens one here, and only while that one is not disabled.
    async fn an_account_outside_opens_one_account(world: World, p: Province) {
        let (id, other) = (account(&world, &p, "xinren").await, account(&world, &p, "lingwai").await);
        let (one, two) = (vouched("zhang.san"), vouched("xinren"));
        let mut tx = world.tx().await;
        assert!(whose(&mut tx, &two).await.unwrap().is_none(), "no account is found by a name");
        let (own, theirs) = (stored(&mut tx, &id).await, stored(&mut tx, &other).await);
        let late = link(&mut tx, (&id, &theirs), ISSUER, &one).await;
        assert!(matches!(late, Err(Error::Conflict(_))), "the password is another one since it was checked");
        link(&mut tx, (&id, &own), ISSUER, &one).await.unwrap();
        assert!(matches!(link(&mut tx, (&id, &own), ISSUER, &two).await, Err(Error::NotNow(_))), "one at a time");
        assert!(matches!(link(&mut tx, (&other, &theirs), ISSUER, &one).await, Err(Error::NotNow(_))), "taken");
        assert_eq!(whose(&mut tx, &one).await.unwrap().unwrap().id, id);
        disable(&mut tx, Account { id: &id, login: "xinren" }).await.unwrap();
        assert!(whose(&mut tx, &one).await.unwrap().is_none(), "disabled");
        unlink(&mut tx, &id).await.unwrap();
        assert!(matches!(unlink(&mut tx, &id).await, Err(Error::NotNow(_))));
        link(&mut tx, (&other, &theirs), ISSUER, &one).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Nobody links for another: the page takes the account of the session and its password. The holder is told, who knows
    /// best whether it was the own deed.
    async fn a_link_is_told_to_the_holder_of_the_account(world: World, p: Province) {
        let (id, other) = (account(&world, &p, "xinren").await, account(&world, &p, "lingwai").await);
        let mut tx = world.tx().await;
        let own = stored(&mut tx, &id).await;
        link(&mut tx, (&id, &own), ISSUER, &vouched("zhang.san")).await.unwrap();
        tx.commit().await.unwrap();
        let mut ways = world.app.site.routes.iter().map(|route| route.path).filter(|path| path.contains("outside"));
        assert!(ways.all(|path| !path.contains('{')), "no address names an account");
        let admin = world.agent(&p.office, "sysadmin").await;
        for account in [&id, &other] {
            let led = admin.post("/my/outside", &[("account", account.as_str()), ("password", OWN)]).await;
            assert_eq!(led.location, "/my/outside", "without an answer of the provider nothing is linked");
            let shown = admin.get(&format!("/accounts/{account}")).await;
            assert!(shown.status == 200 && shown.attributes("form[action*=outside]", "action").is_empty());
        }
        assert!(of(&mut world.tx().await, &other).await.unwrap().is_none());
        let told = |login: &'static str| {
            let mut browser = world.stranger();
            async move {
                assert_eq!(browser.signs_in(login, OWN).await.location, "/");
                let rows = browser.get_json("/notices").await.json()["rows"].clone();
                let linked = |row: &Value| row["words"].as_str().is_some_and(|words| words.contains("关联了外部账号"));
                rows.as_array().unwrap().iter().any(|row| linked(row) && row["href"] == "/my/outside")
            }
        };
        assert!(told("xinren").await && !told("lingwai").await);
    }

    /// A provider that is away, or none at all, keeps nobody from signing in with a password.
    async fn a_provider_that_is_away_leaves_the_passwords(world: World, p: Province) {
        account(&world, &p, "xinren").await;
        let nobody = world.stranger();
        assert_eq!(nobody.get("/signin/outside").await.location, "/signin");
        let provider = Provider { issuer: ISSUER.to_owned(), button: "示例平台".to_owned(), ..Provider::default() };
        let app = App::new(world.app.db.clone(), Random::System, programme(), false, site::site());
        let router = jiedui_web::router(&Arc::new(app.with_provider(Some(provider))));
        let mut browser = Agent::new(router, None);
        assert!(browser.get("/signin").await.says("示例平台：现在连不上"));
        assert_eq!(browser.get("/signin/outside").await.location, "/signin");
        assert!(browser.get("/signin").await.says("身份平台现在连不上"));
        assert_eq!(browser.get("/signin/outside/confirm?code=a&state=b").await.location, "/signin");
        assert!(browser.get("/signin").await.says("没有登录成功"));
        assert_eq!(browser.signs_in("xinren", OWN).await.location, "/", "the password goes on");
        assert_eq!(browser.get("/signin/outside/confirm?code=a&state=b").await.location, "/my/outside");
        let own = browser.get("/my/outside").await;
        assert!(own.says("没有通过核对") && !own.says("没有登录成功"), "whoever links is signed in");
    }
}
