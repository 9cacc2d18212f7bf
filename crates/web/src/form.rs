//! What a request carries: the query, and the body of a form. Texts are brought into one spelling, and signs that nobody sees are
//! refused at the door.

use crate::clean::{cleaned, has_invisible, is_secret};
use axum::body::{Body, Bytes, HttpBody as _};
use jiedui_kernel::{Code, Date, Error, FieldError, Id, Mistake, Result, typed};
use std::collections::HashSet;

/// Names and values in the order in which they came.
#[derive(Debug, Clone, Default)]
pub struct FormValues(Vec<(String, String)>);

impl FormValues {
    pub fn parse(text: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(text);
        Self(pairs.map(|(name, value)| (name.to_string(), cleaned(&name, &value))).collect())
    }

    /// The first value with this name, trimmed; "" where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.trim().to_owned()).collect()
    }

    /// The names that came with a value.
    pub fn given(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(_, value)| !value.trim().is_empty()).map(|(key, _)| key.as_str())
    }

    /// What a person wrote in words, each once: neither tokens nor ids, and no password.
    pub fn typed(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        let own = self.0.iter().filter(|(name, _)| !name.starts_with('_') && !is_secret(name));
        let words = own.map(|(_, value)| value.trim()).filter(|words| !words.is_ascii());
        words.filter(|words| seen.insert(*words)).map(str::to_owned).collect()
    }

    /// A day, where one is given and is one.
    pub fn date(&self, name: &str) -> Option<Date> {
        parse_date(self.get(name))
    }

    /// A year of four digits, where one is given.
    pub fn year(&self, name: &str) -> Option<i32> {
        year_of(self.get(name))
    }

    /// A whole number, where one is given.
    pub fn whole(&self, name: &str) -> Option<i64> {
        typed::whole(self.get(name)).ok()
    }

    /// What was ticked in a list: ids with the versions that were seen, and none for what is no such pair.
    pub fn seen(&self, name: &str) -> Vec<Option<(Id, i64)>> {
        let pair = |value: &String| {
            let (id, version) = value.split_once(':')?;
            Some((Id::parse(id)?, version.parse().ok()?))
        };
        self.all(name).iter().map(pair).collect()
    }

    /// The page number of a list, from 1.
    pub fn page(&self) -> i64 {
        self.get("page").parse::<i64>().unwrap_or(1).clamp(1, 100_000)
    }

    /// The same query with one name set from scratch (or taken out where the value is empty), without the page number.
    pub fn with(&self, name: &str, value: &str) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        for (key, old) in self.0.iter().filter(|(key, old)| key != name && key != "page" && !old.is_empty()) {
            out.append_pair(key, old);
        }
        if !value.is_empty() {
            out.append_pair(name, value);
        }
        out.finish()
    }

    /// Everything but these names, as a form would send it.
    pub fn without(&self, names: &[&str]) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        out.extend_pairs(self.0.iter().filter(|(key, _)| !names.contains(&key.as_str())));
        out.finish()
    }

    /// Made of names and values of our own: a form filled in for somebody.
    pub fn made<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        Self(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// What a program sent, as a form would have sent it: brought into the same spelling, and refused for the same signs.
    pub fn sent(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        let clean = |(name, value): (String, String)| {
            let value = cleaned(&name, &value);
            (name, value)
        };
        let values = Self(pairs.into_iter().map(clean).collect());
        values.check()?;
        Ok(values)
    }

    /// The same with one value more.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What nobody sees has no place in an address or a form; PostgreSQL cannot even store the first of the control characters.
    pub fn check(&self) -> Result<()> {
        let bad = has_invisible;
        let errors: Vec<FieldError> = self
            .0
            .iter()
            .filter(|(key, value)| bad(key) || bad(value))
            .map(|(key, _)| {
                FieldError::new(
                    key.chars().filter(|c| !has_invisible(c.encode_utf8(&mut [0; 4]))).collect::<String>(),
                    Code::Characters.says("含有看不见的字符，请删除后重试（常见于从别处复制的文字）。"),
                )
            })
            .collect();
        Error::of(errors)
    }
}

/// An uploaded file.
#[derive(Debug, Clone)]
pub struct Upload {
    pub name: String,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Clone, Default)]
pub struct Form {
    pub values: FormValues,
    pub file: Option<Upload>,
    /// What a program sent; a browser sends values.
    pub sent: serde_json::Map<String, serde_json::Value>,
}

impl Form {
    /// Reads a body as a browser sends a form without a file.
    pub(crate) async fn read(body: Body, limit: usize) -> Result<Self> {
        let bytes = whole(body, limit).await?;
        let form = Self { values: FormValues::parse(&bytes), ..Self::default() };
        form.values.check()?;
        Ok(form)
    }

    /// Reads a body as a program sends it: one object; nothing is an object without fields.
    pub(crate) async fn read_sent(body: Body, limit: usize) -> Result<Self> {
        let bytes = whole(body, limit).await?;
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let sent = serde_json::from_slice(&bytes)
            .map_err(|_| Error::field("", Code::Faulty.says("请求的内容不是一个完整的 JSON 对象。")))?;
        Ok(Self { sent, ..Self::default() })
    }

    /// Reads a body as a browser sends a form with a file. `kind` is its content type.
    pub(crate) async fn read_multipart(kind: &str, body: Body, limit: usize) -> Result<Self> {
        // What says that it is too long is not read up to where it is.
        if body.size_hint().lower() > limit as u64 {
            return Err(too_large());
        }
        let boundary = multer::parse_boundary(kind)
            .map_err(|_| Error::field("", Code::Incomplete.says("上传的格式不完整，请重新选择文件。")))?;
        let limits =
            multer::Constraints::new().size_limit(multer::SizeLimit::new().whole_stream(limit as u64));
        let mut parts = multer::Multipart::with_constraints(body.into_data_stream(), boundary, limits);
        let mut form = Self::default();
        while let Some(field) = parts.next_field().await.map_err(refused)? {
            let name = field.name().unwrap_or_default().to_owned();
            match field.file_name().map(str::to_owned) {
                Some(file_name) => {
                    let bytes = field.bytes().await.map_err(refused)?.to_vec();
                    if !file_name.is_empty() || !bytes.is_empty() {
                        form.file = Some(Upload { name: file_name, bytes });
                    }
                }
                None => {
                    let value = cleaned(&name, &field.text().await.map_err(refused)?);
                    form.values.0.push((name, value));
                }
            }
        }
        form.values.check()?;
        Ok(form)
    }
}

async fn whole(body: Body, limit: usize) -> Result<Bytes> {
    let read = axum::body::to_bytes(body, limit).await;
    read.map_err(|_| Error::TooLarge("提交的内容过长，请缩短后重试。".to_owned()))
}

fn too_large() -> Error {
    Error::TooLarge("文件超过 20 MB。请拆成几份，或删除图片等无关内容后重试。".to_owned())
}

fn refused(cause: multer::Error) -> Error {
    match cause {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => too_large(),
        _ => Error::field("file", Code::Incomplete.says("文件没有传完整，请重新选择后再传一次。")),
    }
}

/// Collects the errors of a form while its fields are read one after another.
#[derive(Debug, Default)]
pub struct Reader {
    pub errors: Vec<FieldError>,
}

impl Reader {
    pub fn fail(&mut self, field: &str, mistake: Mistake) {
        self.errors.push(FieldError::new(field, mistake));
    }

    pub fn required<'a>(&mut self, pairs: &'a FormValues, field: &str, what: &str) -> &'a str {
        let value = pairs.get(field);
        if value.is_empty() {
            self.fail(field, Mistake::missing(what));
        }
        value
    }

    /// A text of at most `limit` characters.
    pub fn text<'a>(&mut self, pairs: &'a FormValues, field: &str, what: &str, limit: usize) -> &'a str {
        let value = pairs.get(field);
        if value.chars().count() > limit {
            self.fail(field, Mistake::too_long(what, limit, value.chars().count()));
        }
        value
    }

    pub fn date(&mut self, pairs: &FormValues, field: &str, what: &str) -> Option<Date> {
        let value = pairs.get(field);
        if value.is_empty() {
            self.fail(field, Mistake::not_chosen(what));
            return None;
        }
        let parsed = parse_date(value);
        if parsed.is_none() {
            self.fail(field, Mistake::no_date(value));
        }
        parsed
    }

    pub fn optional_date(&mut self, pairs: &FormValues, field: &str, what: &str) -> Option<Date> {
        if pairs.get(field).is_empty() { None } else { self.date(pairs, field, what) }
    }

    pub fn number(
        &mut self,
        pairs: &FormValues,
        field: &str,
        what: &str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Option<i64> {
        let value = pairs.get(field);
        match typed::whole(value) {
            Ok(number) if range.contains(&number) => Some(number),
            _ if value.is_empty() => {
                self.fail(field, Mistake::missing(what));
                None
            }
            _ => {
                self.fail(
                    field,
                    Code::OutOfRange.says(format!(
                        "{what}应是 {} 到 {} 之间的整数。",
                        range.start(),
                        range.end()
                    )),
                );
                None
            }
        }
    }

    pub fn done(self) -> Result<()> {
        Error::of(self.errors)
    }
}

/// Days outside of these are typing errors.
pub const FIRST_DAY: Date = day(1950, 1, 1);
pub const LAST_DAY: Date = day(2100, 12, 31);

const fn day(year: i32, month: u32, day: u32) -> Date {
    match Date::from_ymd_opt(year, month, day) {
        Some(found) => found,
        None => panic!("no such day"),
    }
}

pub fn parse_date(text: &str) -> Option<Date> {
    let day = Date::parse_from_str(text, "%Y-%m-%d").ok()?;
    (FIRST_DAY..=LAST_DAY).contains(&day).then_some(day)
}

/// A year as addresses and forms write it.
pub(crate) fn year_of(text: &str) -> Option<i32> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedui_kernel::Random;
    use jiedui_kernel::testing::damaged;

    #[test]
    fn what_was_copied_from_elsewhere_is_kept_as_it_is_meant() {
        let sent = "text=a%0D%0Ab%0Bc%E2%80%A8d%EF%BB%BF&title=a%0Bb&new-password=a%E2%80%8Bb&bad=%07";
        let values = FormValues::parse(sent.as_bytes());
        assert_eq!(values.get("text"), "a\nb\nc\nd");
        assert_eq!((values.get("title"), values.get("new-password")), ("a b", "a\u{200b}b"));
        assert!(values.check().is_err(), "a bell is no text");
        let whole = sent.replace("&bad=%07", "").replace("&new-password=a%E2%80%8Bb", "");
        assert!(FormValues::parse(whole.as_bytes()).check().is_ok());
    }

    /// The page of a refusal gives back what was typed: never a password, under whatever name a form asks for it.
    #[test]
    fn what_was_typed_is_given_back_without_passwords() {
        let values = FormValues::made([
            ("old", "三只-Huali-羊7".to_owned()),
            ("password", "三只-Huali-羊8".to_owned()),
            ("again", "三只-Huali-羊8".to_owned()),
            ("new-password", "三只-Huali-羊9".to_owned()),
            ("reason", "写了很久的理由".to_owned()),
        ]);
        assert_eq!(values.typed(), ["写了很久的理由"]);
    }

    #[tokio::test]
    async fn what_says_that_it_is_too_long_is_not_read() {
        let kind = "multipart/form-data; boundary=x";
        let refused = Form::read_multipart(kind, Body::from(vec![b'-'; 101]), 100).await;
        assert!(matches!(refused, Err(Error::TooLarge(_))));
        // The same bytes within the limit are no form: they were read.
        let read = Form::read_multipart(kind, Body::from(vec![b'-'; 101]), 1_000).await;
        assert!(matches!(read, Err(Error::Invalid(_))));
    }

    #[test]
    fn a_name_is_not_there_twice_by_a_sign_that_nobody_sees() {
        let given = |text: &str| FormValues::parse(format!("name={text}").as_bytes());
        for hidden in ["%E5%BC%A0%E4%B8%89%E2%80%8B", "%E5%BC%A0%E2%80%AE%E4%B8%89"] {
            assert_eq!(given(hidden).get("name"), "张三", "{hidden}");
        }
        assert!(given("%00").check().is_err());
        let plain = given("%E5%BC%A0%E3%80%80%E4%B8%89");
        assert!(plain.check().is_ok());
        assert_eq!(plain.get("name"), "张 三", "a wide blank is a blank");
    }

    /// Queries and forms as nobody's browser sends them, the same ones each time: every value is read or refused.
    #[test]
    fn thousands_of_damaged_queries_are_read_or_refused() {
        const SIGNS: [&str; 9] =
            ["%", "%00", "%E2%80%AE", "%FF", "&", "=", "+", "-9223372036854775808", "%F0%9F%91%8D"];
        let query =
            "id=a1%3A2&id=b1%3A3&from=2026-11-24&year=2026&page=3&q=%E5%BC%A0%E4%B8%89&empty=&limit=50";
        let random = Random::seeded(20_261_124);
        let mut refused = 0;
        for _ in 0..3_000 {
            let values = FormValues::parse(&damaged(&random, query.as_bytes(), &SIGNS));
            refused += usize::from(values.check().is_err());
            assert!((1..=100_000).contains(&values.page()));
            assert!(values.date("from").is_none_or(|day| (FIRST_DAY..=LAST_DAY).contains(&day)));
            assert!(values.year("year").is_none_or(|year| (0..=9_999).contains(&year)));
            assert_eq!(values.seen("id").len(), values.all("id").len());
            let mut reader = Reader::default();
            let limit = reader.number(&values, "limit", "条数", 1..=200);
            assert!(limit.map_or(!reader.errors.is_empty(), |limit| (1..=200).contains(&limit)));
            // What an address is made of again is what was read.
            let again = FormValues::parse(values.with("sort", "from").as_bytes());
            assert_eq!(again.get("sort"), "from");
        }
        assert!((1..3_000).contains(&refused), "{refused}");
    }

    /// The same with a file, and as a program sends it.
    #[tokio::test]
    async fn thousands_of_damaged_bodies_are_read_or_refused() {
        let kind = "multipart/form-data; boundary=edge";
        let part = "--edge\r\nContent-Disposition: form-data; name=\"";
        let form =
            format!("{part}title\"\r\n\r\n甲\r\n{part}file\"; filename=\"a.xlsx\"\r\n\r\nPK\r\n--edge--\r\n");
        let sent = r#"{"activity":"visit","from":"2026-11-24","quantity":1,"fields":{"agreed":"商定共建"}}"#;
        let fine = Form::read_multipart(kind, Body::from(form.clone()), 1_000).await.unwrap();
        assert!(fine.values.get("title") == "甲" && fine.file.is_some());
        let random = Random::seeded(20_261_124);
        let (mut taken, mut refused) = (0, 0);
        for _ in 0..1_000 {
            let body =
                damaged(&random, form.as_bytes(), &["--edge", "\r\n\r\n", "\"", "--edge--", "\u{0}", ";"]);
            let read = Form::read_multipart(kind, Body::from(body), 1_000).await;
            let json = damaged(&random, sent.as_bytes(), &["[", "{", "\"", "null", "1e309", "\\u0000", ","]);
            for read in [read, Form::read_sent(Body::from(json), 1_000).await] {
                match read {
                    Ok(_) => taken += 1,
                    Err(Error::Invalid(errors)) => {
                        assert!(!errors.is_empty());
                        refused += 1;
                    }
                    Err(error) => panic!("{error:?}"),
                }
            }
        }
        assert!(taken > 0 && refused > 0, "{taken} and {refused}");
    }
}
