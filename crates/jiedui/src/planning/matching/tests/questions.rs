//! What follows from a scenario's facts alone: the question at another weight, and which pairings run.

use crate::planning::matching::pages::changes::present;
use crate::planning::matching::rules::body::{Body, Weight};
use crate::planning::matching::rules::facts::{County, Facts, Partner};
use crate::planning::matching::rules::setting::{Rules, Setting};
use crate::planning::matching::rules::stability::Weighed;
use jiedui_programme::{CountyFacts, PartnerFacts};
use serde_json::json;

fn facts() -> Facts {
    let place = |n: usize| jiedui_programme::Coordinates { lon: 113.0 + n as f64 / 5.0, lat: 23.0 };
    let county = |n: usize| County {
        id: format!("c{n}"),
        name: format!("示例县校{n}"),
        place: String::new(),
        city: String::new(),
        facts: CountyFacts {
            id: format!("c{n}"),
            city: format!("city{}", n % 3),
            place: Some(place(n)),
            typical: n == 1,
            industries: Vec::new(),
            needs: vec![(format!("T{}", n % 4 + 1), 1)],
            lacks: Some(n as i64),
            students: Some(500 * n as i64),
        },
        needs: Vec::new(),
        present: None,
    };
    let partner = |n: usize| Partner {
        id: format!("p{n}"),
        name: format!("示例院校{n}"),
        place: String::new(),
        city: String::new(),
        facts: PartnerFacts {
            id: format!("p{n}"),
            city: format!("city{}", n % 3),
            place: Some(place(n + 1)),
            level: ["技工学校", "高级技工学校", "技师学院"][n % 3].to_owned(),
            high_level: n.is_multiple_of(2),
            county_school: false,
            majors: Vec::new(),
            capacities: vec![format!("T{}", n % 4 + 1)],
            places: Some(2),
            running: 0,
        },
    };
    Facts {
        counties: (1..6).map(county).collect(),
        partners: (1..9).map(partner).collect(),
        bonds: Vec::new(),
    }
}

#[test]
fn a_question_at_another_weight_is_that_of_a_scenario_with_it() {
    let rules = Rules::of(&crate::testing::programme());
    let setting = Setting::new(facts(), rules, "first", Body::default());
    let draft = setting.draft();
    assert!(!draft.leads.is_empty() && !draft.nearby.is_empty());
    for one in Weighed::all(&setting, &draft) {
        for weight in [0, 37, 200] {
            let mut body = Body::default();
            let other = Weight { value: weight, reason: String::new() };
            body.weights.insert(one.component.id.clone(), other);
            assert_eq!(one.at(&draft, weight), setting.with(body).draft(), "{} {weight}", one.component.id);
        }
    }
}

#[test]
fn those_that_begin_later_are_named_and_not_counted() {
    let county = |id: &str, from: Option<&str>| {
        let present =
            from.map(|from| json!({ "pairing": "p", "lead": "l", "nearby": "n", "from": from, "to": null }));
        json!({
            "id": id, "name": format!("示例{id}"), "place": "", "city": "", "facts": { "id": id },
            "needs": [], "present": present,
        })
    };
    let counties = [county("甲", Some("2026-11-26")), county("乙", Some("2026-11-27")), county("丙", None)];
    let facts = json!({ "counties": counties, "partners": [], "bonds": [] }).to_string();
    let rules = Rules::of(&crate::testing::programme());
    let setting = Setting::new(Facts::parse(&facts).unwrap(), rules, "review", Body::default());
    let (running, later) = present("s", &setting, "2026-11-26".parse().unwrap());
    assert_eq!((running, later.len()), (1, 1));
    assert_eq!((later[0].school.label.as_str(), later[0].from.as_str()), ("示例乙", "2026-11-27"));
}
