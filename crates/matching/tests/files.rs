//! Files of instance and result: every mistake is told with its place, every lie is found, nothing panics.

use jiedui_kernel::Random;
use jiedui_kernel::testing::damaged;
use jiedui_matching::families::{Family, Recipe, make, wild};
use jiedui_matching::{Instance, MAX_BYTES, Options, Price, Solution, Status, solve, verify};
use proptest::prelude::*;

fn example() -> (Instance, Solution) {
    // Tight enough that the proof needs a tree.
    let mut seed = 1;
    loop {
        let recipe =
            Recipe { family: Family::Tight, county_schools: 12, leads: 6, nearby: 8, needs: 6, seed };
        let instance = Instance::new(make(&recipe)).expect("a fine instance");
        let solution = solve(&instance, &Options::default());
        if solution.certificate.tree.is_some() {
            return (instance, solution);
        }
        seed += 1;
    }
}

fn mistakes(change: impl FnOnce(&mut serde_json::Value)) -> Vec<(String, String)> {
    let (instance, _) = example();
    let mut value: serde_json::Value = serde_json::from_str(&instance.into_draft().to_json()).expect("json");
    change(&mut value);
    let said = Instance::read(value.to_string().as_bytes()).expect_err("a mistake");
    said.into_iter().map(|error| (error.field, error.message)).collect()
}

#[test]
fn every_mistake_is_told_at_its_place() {
    let place = |change: fn(&mut serde_json::Value)| mistakes(change)[0].0.clone();
    assert_eq!(place(|v| v["format"] = "other/1".into()), "format");
    assert_eq!(place(|v| v["lead_scores"][2][3] = 1_000_001.into()), "lead_scores[2][3]");
    assert_eq!(place(|v| v["nearby_scores"][0][1] = (-1_000_001).into()), "nearby_scores[0][1]");
    assert_eq!(place(|v| v["county_schools"][1]["weights"][2] = 101.into()), "county_schools[1].weights[2]");
    assert_eq!(place(|v| v["leads"][0]["cover"][1] = (-1).into()), "leads[0].cover[1]");
    assert_eq!(place(|v| v["leads"][1]["id"] = v["leads"][0]["id"].clone()), "leads[1]");
    assert_eq!(place(|v| v["nearby"][1]["min"] = 99.into()), "nearby[1].min");
    assert_eq!(place(|v| drop(v["lead_scores"].as_array_mut().map(Vec::pop))), "lead_scores");
    assert_eq!(place(|v| drop(v["lead_scores"][4].as_array_mut().map(Vec::pop))), "lead_scores[4]");
    let fixed = |lead: &str| serde_json::json!([{"county_school": "c0001", "lead": lead}]);
    assert_eq!(mistakes(|v| v["fixed"] = fixed("nobody"))[0].0, "fixed[0].lead");
    let forbidden = mistakes(|v| {
        v["fixed"] = fixed("l0001");
        v["lead_scores"][0][0] = serde_json::Value::Null;
    });
    assert_eq!(forbidden[0].0, "fixed[0].lead");
    let unknown = serde_json::json!([{"county_school": "nobody", "lead": "l0001"}]);
    assert_eq!(mistakes(|v| v["fixed"] = unknown)[0].0, "fixed[0].county_school");
    let twice = serde_json::json!([{"county_school": "c0001", "lead": "l0002"}, {"county_school": "c0001", "lead": "l0003"}]);
    let said = mistakes(|v| {
        v["fixed"] = twice;
        v["lead_scores"][0][1] = 1.into();
        v["lead_scores"][0][2] = 1.into();
    });
    assert_eq!(said[0].0, "fixed[1].lead");
    let few = mistakes(|v| {
        v["leads"].as_array_mut().expect("a list").iter_mut().for_each(|lead| {
            lead["min"] = 0.into();
            lead["max"] = 1.into();
        })
    });
    assert!(few[0].0 == "leads" && few[0].1.contains("还差 6 个"), "{few:?}");
    let typed = mistakes(|v| v["nearby_scores"][1][2] = "7".into());
    assert!(typed[0].0 == "nearby_scores[1][2]" && typed[0].1.contains("第 1 行第"), "{typed:?}");
}

#[test]
fn a_text_that_is_too_large_is_refused_before_it_is_read() {
    let said = Instance::read(&vec![b' '; MAX_BYTES + 1]).expect_err("too large");
    assert!(said[0].message.contains("上限"));
}

#[test]
fn a_result_survives_its_file_and_every_lie_is_found() {
    let (instance, solution) = example();
    let read = Solution::read(solution.to_json().as_bytes()).expect("our own file");
    assert_eq!(read, solution);
    assert!(verify(&instance, &read).is_ok());
    let lie = |change: &dyn Fn(&mut Solution)| {
        let mut told = solution.clone();
        change(&mut told);
        verify(&instance, &told).expect_err("a lie").into_iter().map(|lie| lie.field).collect::<Vec<_>>()
    };
    assert!(lie(&|s| s.objective = s.objective.map(|o| o + 1)).contains(&"objective".to_owned()));
    assert!(lie(&|s| s.bound = s.bound.map(|b| b + 1)).contains(&"bound".to_owned()));
    assert!(lie(&|s| s.status = Status::Feasible).contains(&"status".to_owned()));
    assert!(lie(&|s| s.status = Status::Infeasible).contains(&"assignment".to_owned()));
    assert!(lie(&|s| s.instance_sha256.replace_range(0..1, "x")).contains(&"instance_sha256".to_owned()));
    assert!(lie(&|s| drop(s.assignment.pop())).contains(&"assignment".to_owned()));
    assert!(lie(&|s| s.assignment[1] = s.assignment[0].clone()).contains(&"assignment[1]".to_owned()));
    assert!(lie(&|s| s.assignment[0].lead = "nobody".to_owned()).contains(&"assignment[0]".to_owned()));
    assert!(!lie(&|s| s.certificate.tree = None).is_empty());
    assert!(!lie(&|s| s.certificate.lead_prices.clear()).is_empty());
    let swapped = |s: &mut Solution| {
        let (a, b) = (s.assignment[0].lead.clone(), s.assignment[1].lead.clone());
        s.assignment[0].lead = b;
        s.assignment[1].lead = a;
    };
    if solution.assignment[0].lead != solution.assignment[1].lead {
        assert!(!lie(&swapped).is_empty());
    }
}

#[test]
fn an_optimum_cannot_be_claimed_for_less_nor_infeasibility_for_what_is_possible() {
    let (instance, solution) = example();
    let mut worse = solution.clone();
    // Another assignment that keeps all limits, told as the best.
    let mut draft = instance.clone().into_draft();
    let l = draft.leads.iter().position(|lead| lead.id == solution.assignment[0].lead).expect("known");
    draft.lead_scores[0][l] = None;
    let other = solve(&Instance::new(draft).expect("fine"), &Options::default());
    worse.assignment = other.assignment;
    worse.objective = other.objective;
    worse.bound = other.objective;
    assert!(verify(&instance, &worse).is_err());
    let none = Solution {
        status: Status::Infeasible,
        objective: None,
        bound: None,
        assignment: Vec::new(),
        ..solution
    };
    assert!(verify(&instance, &none).is_err());
}

#[test]
fn prices_have_at_most_six_decimals() {
    let read = |text: &str| serde_json::from_str::<Price>(text);
    assert_eq!(read("1.234567").expect("six"), Price(1_234_567));
    assert!(read("0.00000125").is_err());
    assert!(read("1e13").is_err());
    assert_eq!(serde_json::to_string(&Price(-1_500_000)).expect("a number"), "-1.5");
}

/// The same ones each time, beside those that proptest makes up: instances, and results that are verified where they can be read.
#[test]
fn thousands_of_damaged_files_are_read_or_refused() {
    const JSON: [&str; 9] = ["null", "[", "{", "\"", ",", "-1", "1e309", "9223372036854775807", "\\u0000"];
    let random = Random::seeded(20_261_124);
    let (mut taken, mut refused) = (0, 0);
    for seed in 0..20 {
        let draft = wild(seed).to_json();
        for _ in 0..150 {
            match Instance::read(&damaged(&random, draft.as_bytes(), &JSON)) {
                Ok(_) => taken += 1,
                Err(said) => {
                    assert!(!said.is_empty() && said.iter().all(|error| !error.message.is_empty()));
                    refused += 1;
                }
            }
        }
    }
    let (instance, solution) = example();
    let text = solution.to_json();
    for _ in 0..2_000 {
        match Solution::read(&damaged(&random, text.as_bytes(), &JSON)) {
            Ok(read) if verify(&instance, &read).is_ok() => {
                // Prices may differ and still prove the same; what is claimed may not.
                assert_eq!((read.objective, read.status), (solution.objective, solution.status));
                taken += 1;
            }
            Ok(_) | Err(_) => refused += 1,
        }
    }
    assert!(taken > 0 && refused > 0, "{taken} and {refused}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_bytes_make_the_reader_panic(seed in 0_u64..50, at in 0.0..1.0_f64, byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = wild(seed).to_json().into_bytes();
        let place = (at * (bytes.len() - 1) as f64) as usize;
        if cut { bytes.truncate(place); } else { bytes[place] = byte; }
        if let Err(said) = Instance::read(&bytes) {
            prop_assert!(!said.is_empty() && said.iter().all(|error| !error.message.is_empty()));
        }
    }

    #[test]
    fn no_result_makes_the_verifier_panic_or_believe_a_lie(
        seed in 0_u64..200, at in 0.0..1.0_f64, digit in b'0'..=b'9',
    ) {
        let instance = Instance::new(wild(seed)).expect("a fine instance");
        let solution = solve(&instance, &Options::default());
        let text = solution.to_json();
        let mut bytes = text.clone().into_bytes();
        let place = (at * (bytes.len() - 1) as f64) as usize;
        if bytes[place].is_ascii_digit() { bytes[place] = digit; }
        if let Ok(read) = Solution::read(&bytes)
            && verify(&instance, &read).is_ok()
        {
            // Prices and reasons may differ and still prove the same; what is claimed may not.
            prop_assert_eq!(read.objective, solution.objective);
            prop_assert_eq!(read.status, solution.status);
        }
    }
}
