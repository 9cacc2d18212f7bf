//! `matching.toml`: what it may not say, and what must hold of points, scores and weights whatever the facts are.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_programme::{
    Component, Coordinates, CountyFacts, Formula, MatchingRules, PairFacts, PartnerFacts, PartnerRole,
    Programme, Together, distance_km, load, run_examples, score,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static PROGRAMME: LazyLock<Programme> = LazyLock::new(|| load(&common::files()).unwrap());
const FILE: &str = "matching.toml";

fn rules() -> &'static MatchingRules {
    &PROGRAMME.matching
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|one| (*one).to_owned()).collect()
}

/// The files after replacing the first `old` of `matching.toml`.
fn changed(old: &str, new: &str) -> BTreeMap<String, String> {
    let mut files = common::files();
    let text = files.get_mut(FILE).unwrap();
    assert!(text.contains(old), "no {old}");
    *text = text.replacen(old, new, 1);
    files
}

#[track_caller]
fn refuses(old: &str, new: &str, caret: &str, message: &str) {
    let files = changed(old, new);
    let problems = load(&files).err().unwrap_or_default();
    assert_eq!(problems.len(), 1, "{old} → {new}: {problems:?}");
    assert!(problems[0].message.contains(message), "{problems:?}");
    assert_eq!((problems[0].file.as_str(), &files[FILE][problems[0].span.clone()]), (FILE, caret));
    assert!(!problems[0].help.is_empty());
}

#[test]
fn it_is_there_and_is_read_whole() {
    let mut files = common::files();
    files.remove(FILE);
    let problems = load(&files).unwrap_err();
    assert!(
        problems.iter().any(|problem| problem.message.contains("缺少文件“matching.toml”")),
        "{problems:?}"
    );
    refuses("same_task = 40", "same_task = 40\nsame = 1", "same", "不认识的项“same”");
    refuses("kind = \"industry\"", "kind = \"votes\"", "\"votes\"", "“votes”不是可选的值");
    refuses("{ kind = \"industry\" }", "{ kind = \"industry\", each = 5 }", "5", "不认识的项“each”");
    assert_eq!(rules().categories.names.len(), 15);
    assert!(!rules().categories.verified, "nobody has held the names against the catalogue yet");
    let sides = [PartnerRole::Lead, PartnerRole::Nearby].map(|side| rules().of_side(side).count());
    assert_eq!(sides.iter().sum::<usize>(), rules().components.len());
    assert!((1..=64).contains(&PROGRAMME.need_sentences().len()));
    assert!(PROGRAMME.need_sentences().contains(&"T4.2"));
    assert!(!PROGRAMME.need_sentences().contains(&"S1.4"));
}

#[test]
fn what_the_rules_as_a_whole_may_not_say() {
    refuses("\"G0.3\", \"G1.1\"]", "\"G0.3\", \"G1.11\"]", "\"G1.11\"", "没有编号为“G1.11”的条款");
    refuses("nearby_reach_km = 0", "nearby_reach_km = -5", "-5", "配合距离超出范围");
    refuses("lead = 5", "lead = 0", "0", "名额超出范围");
    refuses("prefix = \"T\"", "prefix = \"X\"", "\"X\"", "以“X”开头的条款有0条");
    refuses("prefix = \"T\"", "prefix = \"\"", "\"\"", "应在 1 到 64 条之间");
    refuses("shares = [10, 8,", "shares = [10, 11,", "11", "靠后的需求不能比靠前的重");
}

#[test]
fn shares_cover_and_categories() {
    refuses("shares = [10, 8, 6, 5, 4, 3, 2, 1]", "shares = []", "[]", "没有写各位需求的份额");
    refuses("3, 2, 1]", "3, 2, 0]", "0", "份额超出范围");
    refuses("same_sentence = 100", "same_sentence = 101", "101", "覆盖程度超出范围");
    refuses("same_task = 40", "same_task = -1", "-1", "覆盖程度超出范围");
    refuses(
        "same_sentence = 100\nsame_task = 40",
        "same_sentence = 30\nsame_task = 40",
        "40",
        "不能大于同一句",
    );
    // Beside the last one: kinds of posts name that one.
    refuses("    \"其他\",", "    \"其他\",\n    \"机械类\",", "\"机械类\"", "专业大类重复");
    refuses("    \"信息类\",", "    \" \",\n    \"信息类\",", "\" \"", "是空的");
}

#[test]
fn what_a_component_may_not_say() {
    refuses(
        "id = \"lead-strength\"",
        "id = \"lead-industry\"",
        "\"lead-industry\"",
        "编号“lead-industry”重复",
    );
    refuses("id = \"lead-strength\"", "id = \"强\"", "\"强\"", "编号写得不对");
    refuses("name = \"帮扶能力\"", "name = \"专业对产业\"", "\"专业对产业\"", "同名");
    refuses("weight = 60", "weight = 201", "201", "权重超出范围：201");
    refuses("weight = 60", "weight = -1", "-1", "权重超出范围");
    refuses("weight = 60", "weight = 0.5", "0.5", "应为整数");
    refuses("clause = \"G0.1\"", "clause = \"G0.9\"", "\"G0.9\"", "没有编号为“G0.9”的条款");
    refuses("side = \"lead\"", "side = \"county\"", "\"county\"", "不是可选的值");
    refuses("each = 2500", "each = 0", "0", "每项得分超出范围");
    refuses("near_km = 60, far_km = 300", "near_km = 300, far_km = 300", "300", "不小于 far_km");
    refuses("near_km = 60, far_km = 300", "near_km = 60, far_km = 30000", "30000", "距离超出范围");
    refuses("ended = 3000", "ended = 10001", "10001", "得分超出范围");
    refuses("\"技师学院\" = 10000", "\"技师大学\" = 10000", "10000", "没有“技师大学”这个办学层次");
    refuses("\"技师学院\" = 10000", "\"技师学院\" = 20000", "20000", "得分超出范围");
}

#[test]
fn what_burden_relief_keeps_out_of_any_score() {
    let forbidden = [
        ("照片数量", "照片"),
        ("会议次数", "会议"),
        ("发文多少", "发文"),
        ("打卡天数", "打卡"),
        ("登录次数", "登录次数"),
        ("媒体报道", "媒体"),
        ("往年排名", "排名"),
        ("宣传力度", "宣传"),
    ];
    for (name, word) in forbidden {
        let text = format!("name = \"{name}\"");
        let files = changed("name = \"专业对产业\"", &text);
        let problems = load(&files).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].message.contains("计分触及减负禁项"), "{problems:?}");
        assert!(problems[0].message.contains(word), "{problems:?}");
        assert!(problems[0].help.contains("不得计分"));
    }
    refuses("id = \"lead-wish\"", "id = \"lead-check-in\"", "\"双方意愿\"", "check-in");
    // Calling it something else does not help while the sentence on screen says what it is.
    refuses("about = \"双方意愿相加：", "about = \"看照片和意愿：", "\"双方意愿\"", "照片");
}

#[test]
fn every_component_has_an_example_that_holds() {
    assert!(rules().components.iter().all(|component| !component.examples.is_empty()));
    let whole =
        "\n[[component.example]]\nabout = \"技师学院\"\npartner = { level = \"技师学院\" }\npoints = 10000\n";
    refuses(whole, "", "[[component]]", "分项“lead-level”没有示例");
    refuses("\"轻工类\", \"农业类\"]", "\"轻工\", \"农业类\"]", "\"轻工\"", "没有“轻工”这个专业大类");
    refuses("wish_of_county = 2,", "wish_of_county = 3,", "3", "意愿超出范围");
    refuses("{ level = \"技师学院\" }", "{ level = \"学院\" }", "\"学院\"", "没有“学院”这个办学层次");
    refuses("points = 6667", "points = 10001", "10001", "得分超出范围");

    let files = changed("points = 6667", "points = 6666");
    let text = &files[FILE];
    let failures = run_examples(&load(&files).unwrap());
    assert_eq!(failures.len(), 1);
    let failure = &failures[0];
    assert_eq!((failure.file.as_str(), failure.message.as_str()), (FILE, "points 预期 6666，得到 6667"));
    assert_eq!(text.lines().nth(failure.line - 1), Some("[[component.example]]"));
    assert_eq!(&text[failure.problem.span.clone()], "6666", "the caret stands under the expectation");
    let (line, column) = failure.problem.position();
    assert_eq!((text.lines().nth(line - 1), column), (Some("points = 6666"), 10));
}

fn points(formula: Formula, county: &CountyFacts, partner: &PartnerFacts, pair: &PairFacts) -> i64 {
    let model = rules().components[0].clone();
    rules().points(&Component { formula, ..model }, county, partner, pair)
}

#[test]
fn formulas_at_their_ends() {
    let nobody = (CountyFacts::default(), PartnerFacts::default(), PairFacts::default());
    let (county, partner, pair) = &nobody;
    let at = |km: f64| PartnerFacts {
        place: Some(Coordinates { lon: 114.0, lat: 24.0 - km / 111.195 }),
        ..partner.clone()
    };
    let here = CountyFacts { place: Some(Coordinates { lon: 114.0, lat: 24.0 }), ..county.clone() };
    let far = || Formula::Distance { near_km: 100, far_km: 200 };
    for (km, wanted) in [(0.0, 10_000), (100.0, 10_000), (150.0, 5_000), (200.0, 0), (900.0, 0)] {
        assert_eq!(points(far(), &here, &at(km), pair), wanted, "{km} km");
    }
    assert_eq!(
        points(far(), county, &at(0.0), pair),
        5_000,
        "a place that is not known is neither near nor far"
    );
    let able = PartnerFacts { capacities: texts(&["T4.2", "T4.4"]), ..partner.clone() };
    for (lacks, wanted) in [(Some(0), 0), (Some(2), 2_500), (Some(9), 5_000), (None, 2_500)] {
        let school = CountyFacts { lacks, ..county.clone() };
        assert_eq!(points(Formula::Gap { each: 2_500, full: 4 }, &school, &able, pair), wanted);
    }
    for (students, wanted) in [(Some(300), 500), (Some(9_000), 5_000), (None, 2_500)] {
        let school = CountyFacts { students, ..county.clone() };
        assert_eq!(points(Formula::Size { each: 2_500, full: 3_000 }, &school, &able, pair), wanted);
    }
    assert_eq!(points(Formula::SameCity, county, partner, pair), 0, "two unknown cities are not the same");
    assert_eq!(points(Formula::Industry, county, partner, pair), 0);
    let twice = CountyFacts { industries: texts(&["机械类", "机械类", "农业类"]), ..county.clone() };
    let majors = PartnerFacts { majors: texts(&["机械类"]), ..partner.clone() };
    assert_eq!(points(Formula::Industry, &twice, &majors, pair), 5_000, "an industry counts once");
    let wish = |a, b| PairFacts { wish_of_county: a, wish_of_partner: b, ..PairFacts::default() };
    let wishes = [(-2, -2, 0), (-2, 2, 5_000), (1, 0, 6_250), (2, 2, 10_000), (9, 9, 10_000)];
    for (a, b, wanted) in wishes {
        assert_eq!(points(Formula::Preference, county, partner, &wish(a, b)), wanted);
    }
    let together = PairFacts { together: Together::Ended, ..pair.clone() };
    assert_eq!(points(Formula::Together { ended: 70 }, county, partner, &together), 70);
    let full = PartnerFacts { places: Some(2), running: 3, ..partner.clone() };
    assert_eq!(points(Formula::Balance, county, &full, pair), 0, "more than full is no debt");
    let none = PartnerFacts { places: Some(0), ..partner.clone() };
    assert_eq!(points(Formula::Balance, county, &none, pair), 0);
}

#[test]
fn needs_and_cover_have_the_scale_of_the_yardstick() {
    let sentences = PROGRAMME.need_sentences();
    let at = |id: &str| sentences.iter().position(|one| *one == id).unwrap();
    let needs = |list: &[(&str, i64)]| CountyFacts {
        needs: list.iter().map(|(id, rank)| ((*id).to_owned(), *rank)).collect(),
        ..CountyFacts::default()
    };
    let weights = rules().need_weights(&sentences, &needs(&[("T9.1", 7), ("T4.2", 2), ("T4.2", 9)]));
    assert_eq!(weights.iter().sum::<i64>(), 100);
    // 10 + 6 of 24, and 8 of 24: the order counts, holes in the ranking do not.
    assert_eq!((weights[at("T4.2")], weights[at("T9.1")]), (67, 33));
    assert!(rules().need_weights(&sentences, &needs(&[])).iter().all(|weight| *weight == 0));
    assert!(rules().need_weights(&sentences, &needs(&[("S1.4", 1)])).iter().all(|weight| *weight == 0));
    let partner = PartnerFacts { capacities: texts(&["T4.2", "T10.3"]), ..PartnerFacts::default() };
    let cover = rules().cover(&sentences, &partner);
    let of = |id: &str| cover[at(id)];
    assert_eq!((of("T4.2"), of("T4.4"), of("T10.1"), of("T1.1"), of("T9.1")), (100, 40, 40, 0, 0));
}

#[test]
fn who_may_be_chosen() {
    let county = CountyFacts { id: "c".into(), city: "441400".into(), ..CountyFacts::default() };
    let same =
        PartnerFacts { id: "p".into(), city: "441400".into(), high_level: true, ..PartnerFacts::default() };
    let other = PartnerFacts { city: "440100".into(), ..same.clone() };
    let may =
        |rules: &MatchingRules, side, partner: &PartnerFacts| rules.eligible(side, &county, partner).is_ok();
    let plain = rules().clone();
    assert!(may(&plain, PartnerRole::Lead, &same) && may(&plain, PartnerRole::Nearby, &other));
    assert!(!may(&plain, PartnerRole::Lead, &PartnerFacts { high_level: false, ..same.clone() }));
    assert!(!may(&plain, PartnerRole::Nearby, &PartnerFacts { county_school: true, ..same.clone() }));
    for side in [PartnerRole::Lead, PartnerRole::Nearby] {
        assert!(!may(&plain, side, &PartnerFacts { id: "c".into(), ..same.clone() }));
    }
    let elsewhere = MatchingRules { lead_other_city: true, ..plain.clone() };
    assert!(!may(&elsewhere, PartnerRole::Lead, &same) && may(&elsewhere, PartnerRole::Lead, &other));
    assert!(may(&elsewhere, PartnerRole::Nearby, &same));
    let reach = MatchingRules { nearby_reach_km: 100, ..plain };
    let place = |lat| Some(Coordinates { lon: 114.0, lat });
    let home = CountyFacts { place: place(24.0), ..county.clone() };
    let reached = |partner| reach.eligible(PartnerRole::Nearby, &home, &partner).is_ok();
    assert!(reached(PartnerFacts { place: place(23.5), ..other.clone() }));
    assert!(!reached(PartnerFacts { place: place(22.0), ..other.clone() }));
    assert!(reached(PartnerFacts { place: place(22.0), ..same.clone() }), "the same city is near enough");
    assert!(reached(other.clone()), "what is unknown is not held against anybody");
    let far = PartnerFacts { place: place(22.0), ..other };
    assert!(reach.eligible(PartnerRole::Lead, &home, &far).is_ok(), "a lead college may be far away");
}

fn some_of(words: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(prop::sample::select(words).prop_map(str::to_owned), 0..6)
}

const MAJORS: &[&str] = &["机械类", "信息类", "农业类", "轻工类", "服务类"];
const SENTENCES: &[&str] = &["T1.1", "T4.2", "T4.4", "T5.1", "T9.1", "T10.3", "S1.4"];

fn place() -> impl Strategy<Value = Option<Coordinates>> {
    prop::option::of((109.0..118.0_f64, 20.0..26.0_f64).prop_map(|(lon, lat)| Coordinates { lon, lat }))
}

fn county() -> impl Strategy<Value = CountyFacts> {
    let needs =
        prop::collection::vec((prop::sample::select(SENTENCES).prop_map(str::to_owned), 1..20_i64), 0..12);
    let known = (prop::option::of(0..12_i64), prop::option::of(0..9_000_i64));
    let city = prop::sample::select(&["", "a", "b"][..]);
    (place(), any::<bool>(), some_of(MAJORS), needs, city, known).prop_map(
        |(place, typical, industries, needs, city, (lacks, students))| CountyFacts {
            lacks,
            students,
            id: "c".to_owned(),
            city: city.to_owned(),
            place,
            typical,
            industries,
            needs,
        },
    )
}

fn partner() -> impl Strategy<Value = PartnerFacts> {
    let level = prop::sample::select(&["", "技工学校", "高级技工学校", "技师学院"][..]);
    let city = prop::sample::select(&["", "a", "b"][..]);
    let facts = (prop::option::of(0..6_i64), 0..9_i64);
    (place(), level, city, some_of(MAJORS), some_of(SENTENCES), facts).prop_map(
        |(place, level, city, majors, capacities, (places, running))| PartnerFacts {
            id: "p".to_owned(),
            city: city.to_owned(),
            place,
            level: level.to_owned(),
            high_level: true,
            county_school: false,
            majors,
            capacities,
            places,
            running,
        },
    )
}

fn pair() -> impl Strategy<Value = PairFacts> {
    let together = prop::sample::select(&[Together::Never, Together::Ended, Together::Running][..]);
    (together, -2..=2_i64, -2..=2_i64).prop_map(|(together, wish_of_county, wish_of_partner)| PairFacts {
        together,
        wish_of_county,
        wish_of_partner,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_breakdown_sums_to_the_score(
        county in county(), partner in partner(), pair in pair(), weight in 0..=200_i64, lead in any::<bool>(),
    ) {
        let side = if lead { PartnerRole::Lead } else { PartnerRole::Nearby };
        let first = rules().of_side(side).next().unwrap().id.clone();
        let weights = BTreeMap::from([(first, weight)]);
        let lines = rules().breakdown(side, &county, &partner, &pair, &weights);
        prop_assert_eq!(lines.len(), rules().of_side(side).count());
        prop_assert_eq!(lines[0].weight, weight);
        prop_assert_eq!(score(&lines), lines.iter().map(|line| line.contribution).sum::<i64>());
        for line in &lines {
            let component = rules().component(&line.component).unwrap();
            prop_assert_eq!(line.points, rules().points(component, &county, &partner, &pair));
            prop_assert!((0..=10_000).contains(&line.points));
            let rest = 100 * line.contribution - line.weight * line.points;
            prop_assert!((-50..=50).contains(&rest), "rounded to the nearest");
        }
        prop_assert!((0..=1_000_000).contains(&score(&lines)));
    }

    #[test]
    fn weights_of_needs_sum_to_a_hundred_or_to_nothing(county in county(), partner in partner()) {
        let sentences = PROGRAMME.need_sentences();
        let weights = rules().need_weights(&sentences, &county);
        let any = county.needs.iter().any(|(sentence, _)| sentences.contains(&sentence.as_str()));
        prop_assert_eq!(weights.iter().sum::<i64>(), if any { 100 } else { 0 });
        prop_assert!(weights.iter().all(|weight| (0..=100).contains(weight)));
        let mut shuffled = county.clone();
        shuffled.needs.reverse();
        prop_assert_eq!(&weights, &rules().need_weights(&sentences, &shuffled), "the order of rows does not matter");
        let cover = rules().cover(&sentences, &partner);
        let covered: i64 = weights.iter().zip(&cover).map(|(weight, cover)| weight * cover).sum();
        prop_assert!((0..=10_000).contains(&covered));
    }

    #[test]
    fn more_of_a_good_thing_is_never_worse(county in county(), partner in partner(), pair in pair()) {
        let mut better = partner.clone();
        better.capacities.push("T8.1".to_owned());
        better.majors.push("交通类".to_owned());
        better.running = (partner.running - 1).max(0);
        for component in &rules().components {
            let old = rules().points(component, &county, &partner, &pair);
            prop_assert!(old <= rules().points(component, &county, &better, &pair), "{}", component.id);
        }
    }

    #[test]
    fn distance_is_the_same_from_both_ends(a in place(), b in place()) {
        if let (Some(a), Some(b)) = (a, b) {
            prop_assert_eq!(distance_km(a, b), distance_km(b, a));
            prop_assert!((0..1500).contains(&distance_km(a, b)));
        }
    }
}

/// G0.1: the class is that of the most requirements that a school reaches, and no two classes begin at one number.
#[test]
fn a_school_is_classed_by_what_it_lacks() {
    let class = |short| rules().class_of(short).map(|class| class.id.as_str());
    assert_eq!(
        [0, 1, 2, 3, 9].map(|short| class(Some(short)).unwrap()),
        ["none", "some", "some", "great", "great"]
    );
    assert_eq!(class(None), None, "nobody knows");
    refuses("at_least = 3", "at_least = 1", "1", "两类从同一个项数起");
}
