//! Every paper: whatever mechanism has one shows it as a page and makes it as a Word file and as a PDF.

use crate::both_engines;
use crate::mechanisms::ALL;
use crate::shared::notices::tests::outgoing::reaching;
use crate::testing::{Province, pictured, samples};
use jiedui_web::route::Subject;
use std::collections::BTreeSet;

/// The papers with a square code: what is handed to somebody who may doubt it. An official letter has none, and neither has any
/// other draft with a red head: what becomes of it is the office's. The annex of an order has its own test.
const CODED: [&str; 2] = ["/certificates/{id}/paper/{file}", "/months/{month}/bulletin/{file}"];

both_engines! {
    /// Where the system knows its own address, so that each has its code that is to have one.
    async fn a_page_a_word_file_and_a_pdf(world: World, p: Province) {
        let world = reaching(world);
        let office = world.agent(&p.office, "province").await;
        let school = world.agent(&p.xingning, "county_school").await;
        let (mut read, mut coded) = (0, BTreeSet::new());
        for of in ALL {
            let places = (of.samples.places)(&p);
            // A paper is a page whose files stand under it.
            let pages: Vec<&str> = (of.routes)().iter().map(|route| route.path).collect();
            let paper = |path: &str| path.strip_suffix("/{file}").is_some_and(|page| pages.contains(&page));
            for route in (of.routes)().into_iter().filter(|route| paper(route.path)) {
                let id = match route.subject {
                    Subject::Row(subject) => samples::row(&p, subject, &p.xingning, &p.running).unwrap(),
                    _ => String::new(),
                };
                let path = places.iter().fold(route.path.replace("{id}", &id), |path, (place, value)| path.replace(place, value));
                let page = office.get(path.trim_end_matches("/{file}")).await;
                // What is a teacher's is the school's alone.
                let (reader, page) = match page.status.as_u16() {
                    403 => (&school, school.get(path.trim_end_matches("/{file}")).await),
                    _ => (&office, page),
                };
                // A meeting that is not closed has no minutes, and its papers are its host's; an assessment has a result once it
                // is frozen.
                let later = ["/meetings/", "/assessments/"].iter().any(|begins| path.starts_with(begins));
                if page.status == 404 && later {
                    continue;
                }
                assert_eq!(page.status, 200, "{path}");
                for (kind, begins) in [("word", &b"PK"[..]), ("pdf", &b"%PDF-"[..])] {
                    let file = reader.get(&path.replace("{file}", kind)).await;
                    assert_eq!(file.status, 200, "{path} as {kind}");
                    assert!(file.bytes.starts_with(begins), "{path} as {kind}");
                    if kind == "word" && pictured(&file.bytes) {
                        coded.insert(route.path);
                    }
                }
                assert_eq!(reader.get(&path.replace("{file}", "exe")).await.status, 404, "{path}");
                read += 1;
            }
        }
        assert!(read >= 6, "{read} papers");
        assert_eq!(coded, BTreeSet::from(CODED), "those and no other");
    }
}
