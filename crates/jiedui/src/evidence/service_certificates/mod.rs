//! 协作经历证明 (T4.7; principles 1 and 11): what both sides recorded of a teacher's work in other schools, as a paper with a
//! number and a code. Facts only; nothing is typed. Who holds the paper can ask whether it is genuine without signing in, and
//! learns no more than the teacher agreed to.

mod actions;
mod data;
mod pages;
mod papers;
pub mod rules;
#[cfg(test)]
mod tests;

use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Words, entry};
use jiedui_kernel::Result;
use jiedui_programme::FormKind;
use jiedui_store::{Found, Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{NewCertificate, issue, open as opened, people, withdraw};
pub use data::{CertificateRow, CertificateState};
pub use rules::Shown;

const READ: Access = Access::Can("service_certificate", "read");
const ISSUE: Access = Access::Can("service_certificate", "issue");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/evidence/service_certificates",
    routes,
    menu: &[entry(520, "台账", "/certificates", "协作经历证明", ("service_certificate", "read"))],
    tables: &[table!(scoped "service_certificate" of "id")],
    words: Words {
        actions: &[
            ("service_certificate.issue", "出具协作经历证明"),
            ("service_certificate.withdraw", "作废协作经历证明"),
        ],
        resources: &[("service_certificate", "协作经历证明")],
        rights: &[("issue", "出具")],
        ..Words::NONE
    },
    kept: &[actions::recheck::KEPT],
    steps: &[CountedStep {
        resource: "service_certificate",
        kind: "issue",
        form: (FormKind::Other, "service-certificate"),
    }],
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("service_certificate", Belongs::Author)],
        by_org: Some(|world, org| Box::pin(tests::example(world, org))),
        places: |_| vec![("{code}", "0000".to_owned())],
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static CERTIFICATE: Kind = Kind {
    place: 30,
    word: "协作经历证明",
    folder: "evidence/service_certificates",
    test: ("evidence/service_certificates/tests.rs", "a_certificate_says_what_both_sides_recorded"),
};

fn carriers(section: &mut Section<'_>) {
    section.by_hand(&CERTIFICATE, "T4.7", "协作经历证明", "/certificates");
}

fn routes() -> Vec<Route> {
    const ROW: Subject = Subject::Row("service_certificate");
    vec![
        route!(Get "/certificates", READ, pages::list::list).about(Subject::None, "协作经历证明"),
        route!(Get "/certificates/new", ISSUE, pages::issue::form).about(Subject::None, "出具协作经历证明"),
        route!(Post "/certificates/new", ISSUE, pages::issue::submit)
            .about(Subject::None, "提交出具协作经历证明"),
        route!(Get "/certificates/{id}", READ, pages::show::show).about(ROW, "协作经历证明详情"),
        route!(Post "/certificates/{id}/withdraw", ISSUE, pages::show::withdraw)
            .about(ROW, "作废协作经历证明"),
        route!(Get "/certificates/{id}/paper", READ, papers::show).about(ROW, "协作经历证明打印稿"),
        route!(Get "/certificates/{id}/paper/{file}", READ, papers::show).about(ROW, "下载协作经历证明"),
        route!(Get "/certificates/{id}/parcel", READ, pages::show::parcel).about(ROW, "下载证明的存底"),
        route!(Get "/check", Access::Public, pages::check::ask).about(Subject::None, "核验协作经历证明"),
        route!(Post "/check", Access::Public, pages::check::look).about(Subject::None, "提交核验码"),
        route!(Get "/check/{code}", Access::Public, pages::check::show)
            .about(Subject::Open, "一份协作经历证明的真伪"),
    ]
}

/// One visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<CertificateRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// Those visible to the caller behind this id, in the order of their ids: so many at most, without what stands on the paper.
pub async fn after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<CertificateRow>> {
    tx.all(&data::AFTER, args![after, most]).await
}
