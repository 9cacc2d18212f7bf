//! Words of what burden-relief rules forbid, each with the rule that says so.

pub(super) const RELIEF: &str = "《整治形式主义为基层减负若干规定》";
pub(super) const APPS: &str = "国办函〔2026〕12号";

/// What may not be mandatory. English words are those of ids: they match at the beginning of a part of the id, so that
/// `allocation` is not a location.
const FORBIDDEN: [(&str, &[&str]); 2] = [
    (
        RELIEF,
        &[
            // Photos and other traces.
            "照片",
            "拍照",
            "留痕",
            "图片",
            "截图",
            "影像资料",
            "photo",
            "picture",
            "screenshot",
            // Study notes.
            "笔记",
            "心得体会",
            "study-notes",
            // Coverage and remarks.
            "媒体",
            "报道",
            "刊发",
            "发稿",
            "media",
            "批示",
            "remark",
            // Meetings held and documents issued.
            "会议次数",
            "会议数",
            "会议场",
            "会次",
            "开会",
            "召开次数",
            "发文",
            "文件数",
            "文件份数",
            "印发文件",
            "meetings-held",
            "meeting-count",
            "documents-issued",
            "document-count",
        ],
    ),
    (
        APPS,
        &[
            "定位",
            "位置",
            "轨迹",
            "location",
            "gps",
            "track",
            "打卡",
            "签到",
            "check-in",
            "checkin",
            "sign-in",
            "在线时长",
            "在线时间",
            "在线学时",
            "online-time",
            "登录次数",
            "登陆次数",
            "login",
            "积分",
            "排名",
            "活跃度",
            "ranking",
            "leaderboard",
            "上传视频",
            "视频上传",
            "upload-video",
        ],
    ),
];

/// Beside those: what may carry no points, weight, target or obligation, whatever it is called.
const NEVER_SCORED: [&str; 14] = [
    "会议",
    "发文",
    "文件数",
    "文件份数",
    "宣传",
    "转发",
    "点赞",
    "排名",
    "名次",
    "位次",
    "ranking",
    "meeting",
    "document",
    "publicity",
];

/// Everyday words that contain a forbidden one by chance.
const INNOCENT: [&str; 10] = [
    "多媒体",
    "全媒体",
    "新媒体运营",
    "笔记本",
    "办学定位",
    "专业定位",
    "开发文",
    "公开会",
    "岗位置",
    "工位置",
];

pub(super) type Found = Option<(&'static str, &'static str)>;

/// The first forbidden word in any of the texts, with the rule.
pub(super) fn forbidden(texts: &[&str]) -> Found {
    let text = plain(texts);
    FORBIDDEN
        .iter()
        .flat_map(|(rule, words)| words.iter().map(move |word| (*word, *rule)))
        .find(|(word, _)| holds(&text, word))
}

/// As `forbidden`, for what would be scored.
pub(super) fn unscorable(texts: &[&str]) -> Found {
    let text = plain(texts);
    let never = || NEVER_SCORED.iter().find(|word| holds(&text, word)).map(|word| (*word, RELIEF));
    forbidden(texts).or_else(never)
}

/// Points, ranks and presence of people: no figure at all is made of these.
pub(super) fn ranks_people(texts: &[&str]) -> Found {
    let text = plain(texts);
    let words = FORBIDDEN.iter().filter(|(rule, _)| *rule == APPS).flat_map(|(_, words)| words.iter());
    words
        .chain(&["名次", "位次", "点赞"])
        .filter(|word| !["位置", "定位"].contains(word))
        .find(|word| holds(&text, word))
        .map(|word| (*word, APPS))
}

fn plain(texts: &[&str]) -> String {
    let text = texts.join(" ").to_lowercase();
    let text: String =
        text.chars().map(|c| if c.is_ascii() && !c.is_ascii_alphanumeric() { '-' } else { c }).collect();
    let text = INNOCENT.iter().fold(text, |text, word| text.replace(word, "-"));
    format!("-{text}")
}

fn holds(text: &str, word: &str) -> bool {
    if !word.is_ascii() {
        return text.contains(word);
    }
    text.match_indices(word)
        .any(|(at, _)| text[..at].chars().next_back().is_none_or(|before| !before.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_words_are_those_of_an_id() {
        for id in ["photo-1", "site_photos", "checkin", "check_in", "gps", "media-reports"] {
            assert!(forbidden(&[id]).is_some(), "{id}");
        }
        for id in ["allocation", "intermediate", "multimedia-rooms", "soundtrack", "relogin2"] {
            assert!(forbidden(&[id]).is_none(), "{id}");
        }
    }

    #[test]
    fn everyday_words_are_innocent() {
        for label in ["笔记本电脑台数", "多媒体教室", "办学定位", "开发文件柜", "顶岗位置换人数"]
        {
            assert!(forbidden(&[label]).is_none(), "{label}");
        }
        assert!(forbidden(&["新媒体报道"]).is_some());
    }

    #[test]
    fn what_is_scored_is_held_to_more() {
        assert!(forbidden(&["季度会议"]).is_none(), "a meeting may be recorded");
        assert!(unscorable(&["季度会议"]).is_some());
        assert!(ranks_people(&["教师积分排名"]).is_some());
        assert!(ranks_people(&["实训工位数"]).is_none());
    }
}
