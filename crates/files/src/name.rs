//! Names of files as people have them, made safe to be kept and sent.

/// The longest stem of a name, in characters.
const LONGEST: usize = 80;

/// What stands behind the last dot, in small letters; "" where nothing does.
pub fn ending_of(name: &str) -> String {
    let name = last_part(name);
    let ending = name.trim().rsplit_once('.').map_or("", |(_, ending)| ending);
    if ending.chars().all(|sign| sign.is_ascii_alphanumeric()) {
        ending.to_ascii_lowercase()
    } else {
        String::new()
    }
}

/// The name under which a file is kept: without a path, not too long, with the ending that its content has; `otherwise`
/// where nothing else is left of it.
pub fn safe_name(given: &str, ending: &str, otherwise: &str) -> String {
    let kept = |sign: &char| !sign.is_control() && !is_hidden(*sign) && *sign != '"';
    let name: String = last_part(given).chars().filter(kept).collect();
    let stem = match name.trim().rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name.trim(),
    };
    let stem: String = stem.chars().take(LONGEST).collect();
    format!("{}.{ending}", if stem.is_empty() { otherwise } else { &stem })
}

/// Signs that nobody sees, or that turn what follows about: a name would read as another one.
fn is_hidden(sign: char) -> bool {
    matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn last_part(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or_default()
}
