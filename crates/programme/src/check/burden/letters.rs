//! Ways of writing one word: width, case, blanks, signs, traditional and look-alike letters.

use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::confusable_detection::skeleton;

/// Traditional letters of forbidden words, each before its simplified one.
const TRADITIONAL: &str = "簽签軌轨跡迹圖图錄录場场數数會会議议報报導导媒媒體体發发線线長长臉脸識识別别視视頻频傳传寫写記记\
積积點点讚赞賬账證证據据錶表樣样頁页號号閱阅讀读瀏浏覽览擊击轉转評评論论雲云務务辦办員员質质現现實实時时間间動动態态學学習习筆笔簡简紀纪紅红聞闻滿满約约談谈檔档臺台張张訊讯關关網网聽听講讲標标語语橫横後后請请師师隊队旗旗貼贴團团";

/// From each traditional letter to its simplified one.
static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let mut pairs = TRADITIONAL.chars();
    std::iter::from_fn(|| Some((pairs.next()?, pairs.next()?))).collect()
});

fn simplified(sign: char) -> char {
    if sign.is_ascii() { sign } else { SIMPLIFIED.get(&sign).copied().unwrap_or(sign) }
}

/// A text as it is compared: width, case, traditional and look-alike letters evened out, blanks and signs within Chinese
/// taken out, other signs made dashes.
pub(super) fn even(text: &str) -> String {
    let text: String = text.nfkc().flat_map(char::to_lowercase).map(simplified).collect();
    let text = skeleton(&text).flat_map(char::to_lowercase).collect::<String>();
    let mut plain = String::with_capacity(text.len());
    let mut dashed = false;
    for sign in text.chars() {
        if sign.is_alphanumeric() {
            // A dash between two Chinese letters is no more than a way of writing.
            let joins = !sign.is_ascii() && plain.chars().next_back().is_some_and(|last| !last.is_ascii());
            if dashed && !joins {
                plain.push('-');
            }
            plain.push(sign);
            dashed = false;
        } else {
            dashed = true;
        }
    }
    plain
}

/// Where the word stands in the text, both evened out.
pub(super) fn places<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let begins =
        |at: usize| text[..at].chars().next_back().is_none_or(|before| !before.is_ascii_alphanumeric());
    let found = text.match_indices(word).map(|(at, _)| at);
    found.filter(move |at| !word.is_empty() && (!word.is_ascii() || begins(*at)))
}
