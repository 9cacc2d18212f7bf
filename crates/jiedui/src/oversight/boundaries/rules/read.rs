//! GeoJSON (RFC 7946) as far as divisions need it: polygons with a code, in degrees. A file is hostile until it was looked at.

use jiedui_kernel::{Code, Mistake};
use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;

/// More points nobody needs for a map of this size; they are counted before anything is read.
pub const MOST_POINTS: usize = 200_000;
/// A position has two numbers, seldom three; whatever else stands between commas is little.
const COMMAS: usize = 4 * MOST_POINTS;
/// So many mistakes are told at a time.
const MOST_TOLD: usize = 10;
/// So many missing divisions are named.
const NAMED: usize = 5;
/// A ring is closed, and has three corners.
const LEAST: usize = 4;
/// What code a division has is told under one of these.
const KEYS: [&str; 5] = ["adcode", "code", "gb", "PAC", "区划代码"];
/// In some files the code of the country stands before.
const COUNTRY: &str = "156";
const GEOMETRY: &[u8] = b"\"geometry\"";

/// Degrees to the east and to the north.
pub type Position = (f64, f64);

/// A division as the file has it.
#[derive(Debug)]
pub struct Area {
    pub code: String,
    /// Outlines and holes alike, each without its last point, which is its first.
    pub rings: Vec<Vec<Position>>,
}

#[derive(Deserialize)]
struct Collection {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    properties: Option<Map<String, Value>>,
    #[serde(default)]
    geometry: Option<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: Nested,
}

/// Numbers in lists in lists.
#[derive(Debug)]
enum Nested {
    Number(f64),
    List(Vec<Nested>),
}

impl Default for Nested {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

struct Numbers;

impl<'de> Visitor<'de> for Numbers {
    type Value = Nested;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("numbers in lists")
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Nested, E> {
        Ok(Nested::Number(number))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Nested, E> {
        Ok(Nested::Number(number as f64))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Nested, E> {
        Ok(Nested::Number(number as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Nested, A::Error> {
        let mut found = Vec::new();
        while let Some(one) = list.next_element()? {
            found.push(one);
        }
        Ok(Nested::List(found))
    }
}

impl<'de> Deserialize<'de> for Nested {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Numbers)
    }
}

/// The divisions of a file in its order, each of `wanted` once, or what is wrong.
pub fn areas(bytes: &[u8], wanted: &BTreeMap<String, String>) -> Result<Vec<Area>, Vec<Mistake>> {
    if let Some(mistake) = too_many(bytes) {
        return Err(vec![mistake]);
    }
    let features = features(bytes).map_err(|mistake| vec![mistake])?;
    let mut found: Vec<Area> = Vec::new();
    let mut wrong: Vec<Mistake> = Vec::new();
    for (at, feature) in features.into_iter().enumerate() {
        match area(at + 1, feature, wanted) {
            Ok(area) if found.iter().any(|other| other.code == area.code) => {
                wrong.push(Code::Duplicate.says(format!("代码 {} 在文件里出现了两次。", area.code)));
            }
            Ok(area) => found.push(area),
            Err(mistake) => wrong.push(mistake),
        }
        if wrong.len() >= MOST_TOLD {
            break;
        }
    }
    let there = |code: &str| found.iter().any(|area| area.code == code);
    let missing: Vec<&str> =
        wanted.iter().filter(|(code, _)| !there(code)).map(|(_, name)| name.as_str()).collect();
    if wrong.is_empty() && !missing.is_empty() {
        let named = missing.iter().take(NAMED).copied().collect::<Vec<_>>().join("、");
        let more = if missing.len() > NAMED { "等" } else { "" };
        let words =
            format!("文件里缺 {} 个县级区划：{named}{more}。要一次上传全部区划的边界。", missing.len());
        wrong.push(Code::Missing.says(words));
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

/// Counted by signs, before there is anything in memory: a list of a million points ends here.
fn too_many(bytes: &[u8]) -> Option<Mistake> {
    let (mut lists, mut commas) = (0_usize, 0_usize);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'[' => lists += 1,
            b',' => commas += 1,
            _ => continue,
        }
        if lists > MOST_POINTS || commas > COMMAS {
            let before = bytes.get(..at).unwrap_or_default();
            let number = before.windows(GEOMETRY.len()).filter(|part| *part == GEOMETRY).count();
            let words = format!(
                "到第 {number} 个区域已超过 {MOST_POINTS} 个点，网页上用不着这么细。请先用制图软件简化边界，再上传。"
            );
            return Some(Code::TooMany.says(words));
        }
    }
    None
}

fn features(bytes: &[u8]) -> Result<Vec<Feature>, Mistake> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let whole: Collection = serde_json::from_slice(bytes).map_err(|fault| {
        let (line, column) = (fault.line(), fault.column());
        Code::Faulty.says(format!("文件读不下去：第 {line} 行第 {column} 个字节处不是 GeoJSON。请重新导出。"))
    })?;
    let way_out = match whole.kind.as_str() {
        "FeatureCollection" if !whole.features.is_empty() => return Ok(whole.features),
        "FeatureCollection" => "文件里没有任何区域。请导出县级区划的面。",
        "Topology" => "这是 TopoJSON 文件。请用制图软件（如 QGIS、mapshaper）另存为 GeoJSON 后再上传。",
        _ => "这不是一组区域（FeatureCollection）。请把县级区划的面一起导出为 GeoJSON。",
    };
    Err(Code::WrongFile.says(way_out))
}

/// What the file says is the code: six digits, as a text or a number.
fn code(properties: Option<&Map<String, Value>>) -> Option<String> {
    let value = KEYS.iter().find_map(|key| properties?.get(*key))?;
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let own = text.strip_prefix(COUNTRY).filter(|own| own.len() == 6).unwrap_or(&text);
    let is_code = own.len() == 6 && own.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then(|| own.to_owned())
}

fn area(number: usize, feature: Feature, wanted: &BTreeMap<String, String>) -> Result<Area, Mistake> {
    let Some(code) = code(feature.properties.as_ref()) else {
        let words = format!("第 {number} 个区域没有六位区划代码（属性 adcode 或 code）。");
        return Err(Code::Missing.says(words));
    };
    let Some(name) = wanted.get(&code) else {
        let words = format!("第 {number} 个区域的代码 {code} 不是本省的县级区划。");
        return Err(Code::NotListed.says(words));
    };
    let told = |mistake: Mistake| Mistake {
        words: format!("第 {number} 个区域（{name}）{}", mistake.words),
        ..mistake
    };
    let polygons = polygons(feature.geometry).map_err(told)?;
    let mut rings = Vec::new();
    for polygon in polygons {
        let Nested::List(list) = polygon else { return Err(told(no_ring())) };
        for one in list {
            rings.push(ring(one).map_err(told)?);
        }
    }
    if rings.is_empty() {
        return Err(told(Code::Missing.says("没有边界线。")));
    }
    Ok(Area { code, rings })
}

fn polygons(geometry: Option<Geometry>) -> Result<Vec<Nested>, Mistake> {
    let Some(Geometry { kind, coordinates }) = geometry else {
        return Err(Code::Missing.says("没有图形。"));
    };
    match (kind.as_str(), coordinates) {
        ("Polygon", one) => Ok(vec![one]),
        ("MultiPolygon", Nested::List(many)) => Ok(many),
        _ => Err(Code::WrongFile.says("不是面（Polygon 或 MultiPolygon）。")),
    }
}

fn no_ring() -> Mistake {
    Code::Faulty.says("的边界线不是一串点。")
}

fn ring(nested: Nested) -> Result<Vec<Position>, Mistake> {
    let Nested::List(list) = nested else { return Err(no_ring()) };
    let mut points = Vec::with_capacity(list.len());
    for (at, one) in list.iter().enumerate() {
        let Nested::List(numbers) = one else { return Err(no_ring()) };
        let [Nested::Number(east), Nested::Number(north), ..] = numbers.as_slice() else {
            return Err(no_ring());
        };
        if !(73.0..=136.0).contains(east) || !(3.0..=54.0).contains(north) {
            let words = format!(
                "边界线的第 {} 个点（{east}, {north}）不是我国的经纬度。请导出为经纬度坐标，先经度后纬度。",
                at + 1
            );
            return Err(Code::OutOfRange.says(words));
        }
        points.push((*east, *north));
    }
    if points.len() < LEAST {
        let words = format!("有一条边界线只有 {} 个点，至少要 {LEAST} 个。", points.len());
        return Err(Code::TooShort.says(words));
    }
    if points.first() != points.last() {
        return Err(Code::Faulty.says("有一条边界线没有闭合：最后一个点要与第一个点相同。"));
    }
    points.pop();
    let first = points.first().copied().unwrap_or_default();
    if points.iter().all(|point| *point == first) {
        return Err(Code::Faulty.says("有一条边界线的点全在一处。"));
    }
    Ok(points)
}
