use super::*;
use jiedui_programme::FieldOption;

fn one_option() -> FieldOption {
    FieldOption {
        id: "a".to_owned(),
        name: "甲".to_owned(),
        by: Vec::new(),
        retired: None,
        confirmed_by: None,
    }
}

fn field(id: &str, kind: FieldKind) -> Field {
    Field {
        id: id.to_owned(),
        label: format!("栏目{id}"),
        kind,
        unit: None,
        required: false,
        help: String::new(),
        purpose: "测试".to_owned(),
        group: String::new(),
        width: String::new(),
        options: vec![one_option()],
        replaces: String::new(),
        when: None,
        sunset: None,
        element: String::new(),
        because: String::new(),
        taken_from: String::new(),
    }
}

#[test]
fn what_was_typed_comes_back_as_it_was_typed() {
    let money = Field { unit: Some(Unit::Yuan), ..field("money", FieldKind::Number) };
    let fields = [
        money,
        field("kind", FieldKind::Choice),
        field("day", FieldKind::Date),
        field("yes", FieldKind::Yes),
    ];
    let sent = [("money", "1205.5"), ("kind", "a"), ("day", "2026-03-02"), ("yes", "yes")];
    let pairs = FormValues::made(sent.map(|(id, text)| (id, text.to_owned())));
    let mut reader = Reader::default();
    let values = read(&fields, &pairs, &mut reader);
    assert!(reader.errors.is_empty(), "{:?}", reader.errors);
    assert_eq!(values["money"], 120_550);
    let again = typed(&fields, &values);
    assert_eq!(again[0].1, "1205.50");
    assert_eq!(
        again[1..].iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(),
        ["a", "2026-03-02", "yes"]
    );
    assert_eq!(facts(&values)["money"], FieldValue::Number(120_550));
}

#[test]
fn every_mistake_is_told_at_its_field() {
    let must = Field { required: true, ..field("must", FieldKind::Text) };
    let fields = [
        must,
        field("number", FieldKind::Number),
        field("kind", FieldKind::Choice),
        field("day", FieldKind::Date),
    ];
    let sent = [("number", "1.5"), ("kind", "b"), ("day", "2026-02-30")];
    let mut reader = Reader::default();
    read(&fields, &FormValues::made(sent.map(|(id, text)| (id, text.to_owned()))), &mut reader);
    let told: Vec<&str> = reader.errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(told, ["must", "number", "kind", "day"]);
}

#[test]
fn an_enterprise_is_typed_and_those_that_are_known_are_suggested() {
    let fields = [field("firm", FieldKind::Enterprise)];
    let known = [Choice::new("示例公司", "示例公司")];
    let offers = Offers { enterprises: &known, ..Offers::default() };
    let drawn = draw(&fields, &FormValues::default(), &[], offers);
    assert_eq!((drawn[0].kind, drawn[0].field.options.len()), ("text", 1));
    assert!(drawn[0].field.help.contains("全称") && name_enterprises(&fields));
    let sent = FormValues::made([("firm", "别的公司".to_owned())]);
    assert_eq!(
        read(&fields, &sent, &mut Reader::default())["firm"],
        "别的公司",
        "one that nobody knows may be typed"
    );
}

#[test]
fn a_chain_is_typed_and_those_of_the_city_are_suggested() {
    let fields = [field("chain", FieldKind::Chain)];
    let known = [Choice::new("示例生态链", "示例生态链")];
    let drawn = draw(&fields, &FormValues::default(), &[], Offers { chains: &known, ..Offers::default() });
    assert_eq!((drawn[0].kind, drawn[0].field.options.len()), ("text", 1));
    assert!(name_chains(&fields) && !name_enterprises(&fields));
    let sent = FormValues::made([("chain", "别的链".to_owned())]);
    assert_eq!(read(&fields, &sent, &mut Reader::default())["chain"], "别的链");
}

#[test]
fn numbers_are_read_in_their_unit() {
    assert_eq!(number_of(Unit::Persons, "1,200"), Ok(1200));
    assert!(number_of(Unit::Persons, "12.5").is_err());
    assert!(number_of(Unit::Persons, "-1").is_err());
    assert_eq!(number_of(Unit::Yuan, "0.07"), Ok(7));
    assert!(number_of(Unit::Yuan, "0.071").is_err());
    assert!(number_of(Unit::Yuan, "99999999999999").is_err());
    assert!(number_of(Unit::Items, "99999999999999999999").is_err());
}

/// `many` is asked for one kind, `why` only where `many` is answered with a kind of its own.
fn with_kinds() -> [Field; 4] {
    let options = [("course", "面授"), ("online", "线上")];
    let option =
        |(id, name): (&str, &str)| FieldOption { id: id.to_owned(), name: name.to_owned(), ..one_option() };
    let kind = Field { options: options.map(option).into(), ..field("kind", FieldKind::Choice) };
    let when =
        |field: &str, is: &str, blank| Some(Only { field: field.to_owned(), is: vec![is.to_owned()], blank });
    let many = Field {
        unit: Some(Unit::Persons),
        required: true,
        when: when("kind", "online", false),
        ..field("many", FieldKind::Number)
    };
    let place = Field { when: when("kind", "course", true), ..field("place", FieldKind::Text) };
    let how = Field { when: when("kind", "online", false), ..field("how", FieldKind::Choice) };
    [kind, many, place, how]
}

fn sent(pairs: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let mut reader = Reader::default();
    let pairs = FormValues::made(pairs.iter().map(|(id, text)| (*id, (*text).to_owned())));
    let values = read(&with_kinds(), &pairs, &mut reader);
    (values.keys().cloned().collect(), reader.errors.into_iter().map(|error| error.field).collect())
}

#[test]
fn what_another_kind_asks_is_neither_wanted_nor_kept() {
    let all = [("many", "12"), ("place", "实训楼"), ("how", "a")];
    let with = |kind: &'static str| [&[("kind", kind)][..], &all[..]].concat();
    assert_eq!(sent(&with("online")).0, ["how", "kind", "many"]);
    assert_eq!(sent(&with("course")).0, ["kind", "place"]);
    assert_eq!(sent(&all), (vec!["place".to_owned()], Vec::new()), "nothing chosen is an answer, too");
    assert_eq!(sent(&[("kind", "online")]).1, ["many"], "required where it is asked");
    assert_eq!(sent(&[("kind", "course"), ("many", "一打")]).1, [""; 0], "and not even read where it is not");
}

#[test]
fn what_was_said_of_another_kind_goes_with_it() {
    let fields = with_kinds();
    let before: Values = [("kind", "course"), ("how", "a"), ("old", "x")]
        .map(|(id, text)| (id.to_owned(), serde_json::Value::from(text)))
        .into_iter()
        .collect();
    let after = kept(&fields, before);
    assert_eq!(after.keys().collect::<Vec<_>>(), ["kind", "old"], "what no field of the form is stays");
}

#[test]
fn a_heading_says_when_a_field_applies_and_the_browser_does_not_insist() {
    let drawn = draw(&with_kinds(), &FormValues::default(), &[], Offers::default());
    let told: Vec<(&str, &str)> = drawn[1..]
        .iter()
        .map(|one| one.when.as_ref().map_or(("", ""), |when| (when.is.as_str(), when.words.as_str())))
        .collect();
    assert_eq!(
        told,
        [
            ("online", "“栏目kind”为线上时填写"),
            ("course -", "“栏目kind”为面授，或者不选时填写"),
            ("online", "“栏目kind”为线上时填写"),
        ]
    );
    assert!(!drawn[1].field.required && drawn[1].field.conditional);
    assert!(decides(&with_kinds(), "kind") && !decides(&with_kinds(), "many"));
}
