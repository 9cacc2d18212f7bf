//! docs/lives.md draws what each kind of thing goes through, from the code that decides it.

use crate::evidence::{profiles, service_certificates, spot_checks};
use crate::identity::admin;
use crate::network::agreements;
use crate::planning::{calendar, handovers, matching, projects, school_plans};
use crate::reporting::{followups, meetings, monthly};
use crate::shared::{confirmation, jobs, lives, notices};
use crate::sharing::{allocation, assessment, commendations, exchange, funding, jobs as posts, resources};
use crate::standing::{applications, remarks};
use crate::testing::compare;

#[test]
fn the_drawing_is_what_the_code_allows() {
    let mut all = confirmation::lives();
    all.extend([
        agreements::rules::life(),
        school_plans::rules::life(),
        projects::rules::life(),
        handovers::rules::life(),
        monthly::rules::life(),
        meetings::rules::life(),
        followups::rules::life(),
        service_certificates::rules::life(),
        remarks::rules::life(),
        profiles::rules::life(),
        spot_checks::rules::life(),
        applications::rules::life(),
        calendar::rules::life(),
        matching::life(),
        jobs::rules::life(),
        notices::rules::letters::life(),
        admin::rules::requests::life(),
        exchange::rules::life(),
    ]);
    all.extend(allocation::rules::lives());
    all.extend(assessment::rules::lives());
    all.extend(funding::rules::lives());
    all.extend(resources::rules::lives());
    all.extend(posts::rules::lives());
    all.extend(commendations::rules::lives());
    compare("docs/lives.md", &lives::document(&all));
}
