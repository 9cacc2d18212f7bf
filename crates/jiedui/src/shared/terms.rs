//! By which terms a thing is found, and which terms a search asks for.
//!
//! Chinese has no blanks between its words, so what is kept are all pairs of neighbouring characters: whoever searches for
//! 数控车床 asks for 数控, 控车 and 车床. No dictionary has to know the words of a trade. Titles are found by pinyin too,
//! whole (shukong) or by initials (sk). A facet such as `kind=course` is a term like any other, so that filters and words are
//! one and the same question.

use pinyin::ToPinyin as _;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization as _;

/// So many terms one question asks for; the rarest ones of a longer text find it as well.
pub const MOST: usize = 8;
/// Every item of the library that is shared has this one.
pub const EVERYTHING: &str = "*";
/// The longest word; what is longer is no word.
const LONGEST: usize = 32;
/// The longest syllable: zhuang.
const SYLLABLE: usize = 6;

/// A facet of an item. The sign between its parts stands in no word.
pub fn facet(name: &str, value: &str) -> String {
    format!("{name}={value}")
}

/// The signs of a short number: the end of an id, which no two things of a province share in practice.
const SHORT: usize = 8;
/// Fewer of its last signs are asked for as well.
const SHORTER: usize = 6;

fn end(id: &str, length: usize) -> &str {
    id.get(id.len().saturating_sub(length)..).unwrap_or(id)
}

/// The number of a thing that people quote: short, and found by the search.
pub fn short(id: &str) -> String {
    end(id, SHORT).to_ascii_uppercase()
}

/// Numbers are marked, so that they are no words.
fn number(signs: &str) -> String {
    format!("#{}", signs.to_ascii_lowercase())
}

/// By which numbers a thing is found.
pub fn of_id(id: &str) -> [String; 2] {
    [SHORT, SHORTER].map(|length| number(end(id, length)))
}

/// A stretch of a text that is all Chinese characters, or a word or number.
enum Run {
    Han(Vec<char>),
    Word(String),
}

fn is_han(sign: char) -> bool {
    matches!(sign, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Width and case make no difference; everything that is neither character nor word divides.
fn runs(text: &str) -> Vec<Run> {
    let mut found = Vec::new();
    for sign in text.nfkc().flat_map(char::to_lowercase) {
        match found.last_mut() {
            Some(Some(Run::Han(run))) if is_han(sign) => run.push(sign),
            Some(Some(Run::Word(word))) if sign.is_ascii_alphanumeric() => word.push(sign),
            _ if is_han(sign) => found.push(Some(Run::Han(vec![sign]))),
            _ if sign.is_ascii_alphanumeric() => found.push(Some(Run::Word(sign.to_string()))),
            _ => found.push(None),
        }
    }
    let fits = |run: &Run| !matches!(run, Run::Word(word) if word.len() > LONGEST);
    found.into_iter().flatten().filter(fits).collect()
}

fn pairs(run: &[char]) -> impl Iterator<Item = String> + '_ {
    run.windows(2).map(|pair| pair.iter().collect())
}

/// The sound of a character as it is typed: lü is lv on every keyboard.
fn sound_of(sign: char) -> Option<String> {
    Some(sign.to_pinyin()?.plain().replace('ü', "v"))
}

fn sounds(run: &[char]) -> Vec<String> {
    run.iter().map(|sign| sound_of(*sign).unwrap_or_default()).collect()
}

/// Sounds and initials are marked, so that they are no words.
fn sound<S: AsRef<str>>(parts: &[S]) -> String {
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    format!("~{}", parts.join("'"))
}

fn initials<S: AsRef<str>>(parts: &[S]) -> String {
    let first = parts.iter().filter_map(|part| part.as_ref().chars().next());
    format!("^{}", first.collect::<String>())
}

/// Of a title, which is found by single characters and by its sound as well, and of other words beside it.
pub fn of_item(title: &str, others: &[&str]) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for run in runs(title) {
        match run {
            Run::Word(word) => drop(terms.insert(word)),
            Run::Han(run) => {
                terms.extend(pairs(&run));
                terms.extend(run.iter().map(char::to_string));
                let sounds = sounds(&run);
                terms.extend(sounds.windows(1).filter(|one| !one[0].is_empty()).map(sound));
                let known = |pair: &&[String]| pair.iter().all(|one| !one.is_empty());
                terms.extend(sounds.windows(2).filter(known).map(sound));
                terms.extend(sounds.windows(2).filter(known).map(initials));
            }
        }
    }
    for run in others.iter().flat_map(|text| runs(text)) {
        match run {
            Run::Word(word) => drop(terms.insert(word)),
            Run::Han(run) => terms.extend(pairs(&run)),
        }
    }
    terms
}

/// What one part of a search may mean: the first of these readings that finds something.
pub type Readings = Vec<Vec<String>>;

/// What a search asks for: of each part one reading. A search without any word asks for what nothing has.
pub fn of_search(text: &str) -> Vec<Readings> {
    let parts: Vec<Readings> = runs(text)
        .into_iter()
        .map(|run| match run {
            Run::Han(run) if run.len() == 1 => vec![vec![run[0].to_string()]],
            Run::Han(run) => vec![pairs(&run).collect()],
            Run::Word(word) => readings(word),
        })
        .collect();
    if parts.is_empty() { vec![vec![vec!["?".to_owned()]]] } else { parts }
}

/// A word of letters is a word, or pinyin, or initials, or the number of a thing, in this order.
fn readings(word: String) -> Readings {
    let mut readings = Vec::new();
    if let Some(parts) = syllables(&word) {
        readings.push(match parts.len() {
            1 => vec![sound(&parts)],
            _ => parts.windows(2).map(sound).collect(),
        });
    }
    if word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        let letters: Vec<&str> = (0..word.len()).map(|at| &word[at..=at]).collect();
        readings.push(letters.windows(2).map(initials).collect());
    }
    let whole = word.len() == 4 * SHORT;
    if matches!(word.len(), SHORT | SHORTER) || whole {
        let signs = if whole { end(&word, SHORT) } else { word.as_str() };
        let is_number = word.bytes().all(|byte| byte.is_ascii_hexdigit());
        readings.extend(is_number.then(|| vec![number(signs)]));
    }
    readings.insert(0, vec![word]);
    readings
}

/// Whether of each part of a search some reading is found among these terms.
pub fn are_found(parts: &[Readings], terms: &BTreeSet<String>) -> bool {
    let all = |reading: &Vec<String>| reading.iter().all(|term| terms.contains(term));
    parts.iter().all(|part| part.iter().any(all))
}

/// The syllables that Chinese has, as the dictionary of sounds knows them.
static SYLLABLES: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| ('\u{4e00}'..='\u{9fff}').filter_map(sound_of).collect());

/// A word as syllables, the longest first where there are several ways: xian is one.
fn syllables(word: &str) -> Option<Vec<&str>> {
    if !word.is_ascii() {
        return None;
    }
    // From the end: the syllable that begins at each place of a word that can be divided to its end.
    let mut first: Vec<Option<usize>> = vec![None; word.len() + 1];
    first[word.len()] = Some(0);
    for from in (0..word.len()).rev() {
        let longest = SYLLABLE.min(word.len() - from);
        let fits =
            |length: &usize| first[from + length].is_some() && SYLLABLES.contains(&word[from..from + length]);
        first[from] = (1..=longest).rev().find(fits);
    }
    let mut parts = Vec::new();
    let mut at = 0;
    while at < word.len() {
        let length = first[at]?;
        parts.push(&word[at..at + length]);
        at += length;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item() -> BTreeSet<String> {
        of_item("数控车床编程与ＣＡＤ（2026版）", &["面向中级工，含 G01 指令", "第一章.pdf"])
    }

    /// Some reading of every part is found.
    fn finds(text: &str) -> bool {
        are_found(&of_search(text), &item())
    }

    #[test]
    fn a_title_is_found_by_every_piece_of_it() {
        for text in ["数控", "车床编程", "床", "数控车床编程与", "cad", "CAD 2026", "车床　数控", "编程，CAD"]
        {
            assert!(finds(text), "{text}");
        }
        for text in ["控数", "铣床", "cam", "2027", "数控铣床", "，", "没有这样的名称"] {
            assert!(!finds(text), "{text}");
        }
    }

    #[test]
    fn other_words_are_found_by_pairs_and_words() {
        assert!(finds("中级工") && finds("g01") && finds("第一章") && finds("中级 数控"));
        assert!(!finds("工"), "single characters of the title alone");
    }

    #[test]
    fn a_title_is_found_by_its_sound() {
        for text in ["shukong", "chechuangbiancheng", "skcc", "ccbc", "shu", "SHUKONG cad", "bianchengyu"] {
            assert!(finds(text), "{text}");
        }
        for text in ["kongshu", "xichuang", "kscc", "zhongjigong", "qqqq"] {
            assert!(!finds(text), "{text}");
        }
    }

    #[test]
    fn a_word_is_divided_into_syllables_where_it_can_be() {
        assert_eq!(syllables("xian"), Some(vec!["xian"]));
        assert_eq!(syllables("zhuangjia"), Some(vec!["zhuang", "jia"]));
        assert_eq!(syllables("fangan"), Some(vec!["fang", "an"]));
        assert_eq!((syllables("cad"), syllables("skcc"), syllables("g01")), (None, None, None));
    }

    #[test]
    fn nothing_that_is_typed_is_a_facet() {
        for text in ["kind=course", "own=1", "*", "～＝", "model="] {
            let typed: Vec<String> = of_search(text).into_iter().flatten().flatten().collect();
            assert!(typed.iter().all(|one| one != EVERYTHING && !one.contains('=')), "{typed:?}");
        }
        assert!(!item().contains("?") && facet("kind", "course") == "kind=course");
    }

    #[test]
    fn a_letter_that_no_keyboard_has_is_typed_as_usual() {
        let item = of_item("旅游服务", &[]);
        assert!(item.contains("~lv'you") && item.contains("^ly"));
        assert_eq!(syllables("lvyou"), Some(vec!["lv", "you"]));
    }

    #[test]
    fn a_thing_is_found_by_the_end_of_its_id() {
        let id = "0197a0b1c2d37e4f8a9b0c1d2e3f4a5b";
        assert_eq!(short(id), "2E3F4A5B");
        let terms: BTreeSet<String> = of_id(id).into();
        for text in ["2e3f4a5b", "2E3F4A5B", "３F4A5B", id] {
            assert!(are_found(&of_search(text), &terms), "{text}");
        }
        for text in ["4a5b", "2e3f4a5c", "zz3f4a5b"] {
            assert!(!are_found(&of_search(text), &terms), "{text}");
        }
    }

    #[test]
    fn an_endless_word_is_no_term() {
        assert!(of_item(&"x".repeat(500), &[]).is_empty());
    }
}
