use super::*;
use jiedui_programme::FieldOption;

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
        options: vec![FieldOption { id: "a".to_owned(), name: "甲".to_owned(), retired: None }],
        replaces: String::new(),
        sunset: None,
        fact: String::new(),
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
fn numbers_are_read_in_their_unit() {
    assert_eq!(number_of(Unit::Persons, "1,200"), Ok(1200));
    assert!(number_of(Unit::Persons, "12.5").is_err());
    assert!(number_of(Unit::Persons, "-1").is_err());
    assert_eq!(number_of(Unit::Yuan, "0.07"), Ok(7));
    assert!(number_of(Unit::Yuan, "0.071").is_err());
    assert!(number_of(Unit::Yuan, "99999999999999").is_err());
    assert!(number_of(Unit::Items, "99999999999999999999").is_err());
}
