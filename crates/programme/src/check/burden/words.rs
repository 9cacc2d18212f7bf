//! Words of what burden-relief rules forbid, each with the rule that says so. These hold in every programme; its own
//! `forbidden.toml` names more of them, and everyday words in which one stands by chance. Texts are compared after width,
//! blanks, signs, traditional and look-alike letters are evened out, so that no way of writing leads around them.

use crate::check::burden::letters::{even, places};
use crate::load::RawProgramme;
use crate::problem::Problem;
use serde::Deserialize;
use std::sync::LazyLock;

/// One `[[forbidden]]` of `forbidden.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ForbiddenWords {
    /// The rule that forbids it.
    pub rule: String,
    /// What it is called, and what else people call it.
    pub words: Vec<String>,
    /// It may be asked for, and never scored.
    #[serde(default)]
    pub scored_only: bool,
}

/// `[innocent]` of `forbidden.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InnocentWords {
    /// Everyday words that contain a forbidden one by chance.
    pub words: Vec<String>,
}

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
            "留影",
            "新闻稿",
            "通讯稿",
            "手写",
            "朋友圈",
            "zhaopian",
            "paizhao",
            "jietu",
            "liuhen",
            "影像资料",
            // Papers beside what was said: who wants to settle a dispute may add one, and nobody asks for it.
            "附件",
            "附材料",
            "上传材料",
            "attachment",
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
            "daka",
            "qiandao",
            "dingwei",
            "guiji",
            "jifen",
            "paiming",
            "红旗",
            "红黑榜",
            "末位",
            "约谈",
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

/// Words of those that speak of meetings.
const MEETINGS: [&str; 8] =
    ["会议次数", "会议数", "会议场", "会次", "开会", "召开次数", "meetings-held", "meeting-count"];

/// Beside those: what may carry no points, weight, target or obligation, whatever it is called.
const NEVER_SCORED: [&str; 17] = [
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
    "登录",
    "登陆",
    "活跃",
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

/// What was found, and the rule that forbids it.
pub(super) type Found = Option<(String, String)>;

/// A word as it is looked for.
#[derive(Clone)]
struct Word {
    shown: String,
    /// Evened out.
    plain: String,
    rule: String,
    /// It may be asked for, and never scored.
    scored_only: bool,
    /// It speaks of the presence or the points of people: no figure at all is made of it.
    of_people: bool,
}

impl Word {
    fn new(shown: &str, rule: &str, scored_only: bool, of_people: bool) -> Self {
        let (shown, rule) = (shown.to_owned(), rule.to_owned());
        Self { plain: even(&shown), shown, rule, scored_only, of_people }
    }
}

/// The words of every programme, evened out once.
static CORE: LazyLock<Vec<Word>> = LazyLock::new(|| {
    let core = FORBIDDEN.iter().flat_map(|(rule, words)| {
        words.iter().map(move |word| {
            let of_people = *rule == APPS && !PLACES.contains(word);
            Word::new(word, rule, false, of_people)
        })
    });
    let scored = NEVER_SCORED.iter().map(|word| {
        let of_people = ["名次", "位次", "点赞"].contains(word);
        Word::new(word, if of_people { APPS } else { RELIEF }, true, of_people)
    });
    core.chain(scored).collect()
});

/// All forbidden words of one programme.
pub(super) struct Words {
    words: Vec<Word>,
    innocent: Vec<String>,
}

/// Places may be figured (a school's site); presence at one may not.
const PLACES: [&str; 2] = ["位置", "定位"];

impl Words {
    pub(super) fn of(plan: &RawProgramme<'_>) -> Self {
        let more = plan.forbidden.iter().flat_map(|item| {
            let ForbiddenWords { rule, words, scored_only } = &item.value;
            words.iter().map(move |word| Word::new(word, rule, *scored_only, false))
        });
        let own = plan.innocent.iter().flat_map(|item| item.value.words.iter().map(String::as_str));
        let innocent = INNOCENT.into_iter().chain(own).map(even).collect();
        Self { words: CORE.iter().cloned().chain(more).collect(), innocent }
    }

    /// The first forbidden word in any of the texts, with the rule.
    pub(super) fn forbidden(&self, texts: &[&str]) -> Found {
        self.find(texts, |word| !word.scored_only)
    }

    /// As `forbidden`, for what would be scored.
    pub(super) fn unscorable(&self, texts: &[&str]) -> Found {
        self.find(texts, |_| true)
    }

    /// Points, ranks and presence of people: no figure at all is made of these.
    pub(super) fn ranks_people(&self, texts: &[&str]) -> Found {
        self.find(texts, |word| word.of_people)
    }

    /// As `forbidden`, for a duty, which is shown as held or not held: a meeting may be one.
    pub(super) fn owed(&self, texts: &[&str]) -> Found {
        self.find(texts, |word| !word.scored_only && !MEETINGS.contains(&word.shown.as_str()))
    }

    /// As `forbidden`, in a sentence: one that says that something is not asked for does not ask for it.
    pub(super) fn asked_in(&self, sentence: &str) -> Found {
        self.forbidden(&[&asking(sentence)])
    }

    /// As `asked_in`, under a label that says what it is about: a course may have any name.
    pub(super) fn asked_under(&self, label: &str, sentence: &str) -> Found {
        self.forbidden(&[label, &asking(sentence)])
    }

    /// As `owed`, in a sentence.
    pub(super) fn owed_in(&self, sentence: &str) -> Found {
        self.owed(&[&asking(sentence)])
    }

    /// As `ranks_people`, in a sentence.
    pub(super) fn ranks_people_in(&self, sentence: &str) -> Found {
        self.ranks_people(&[&asking(sentence)])
    }

    fn find(&self, texts: &[&str], counts: impl Fn(&Word) -> bool) -> Found {
        if texts.iter().all(|text| text.is_empty()) {
            return None;
        }
        let text = texts.iter().map(|text| even(text)).collect::<Vec<_>>().join("-");
        let text = self
            .innocent
            .iter()
            .fold(text, |text, word| if text.contains(word) { text.replace(word, "-") } else { text });
        let subject = SUBJECTS.iter().any(|word| text.contains(word));
        let holds = |word: &&Word| {
            let mut at = places(&text, &word.plain);
            at.any(|at| !(subject && is_craft(&text[at + word.plain.len()..])))
        };
        let found = self.words.iter().filter(|word| counts(word)).find(holds)?;
        Some((found.shown.clone(), found.rule.clone()))
    }
}

/// What says that something is learnt or made: 摄影专业, 安防工种.
const SUBJECTS: [&str; 8] = ["专业", "工种", "课程", "职业", "学科", "方向", "岗位", "技能"];
/// What makes a forbidden word the name of a craft, where it follows at once: 打卡机维修, 照片后期.
const CRAFTS: [&str; 18] = [
    "后期",
    "处理",
    "修复",
    "冲印",
    "技术",
    "机维修",
    "仪维修",
    "锁维修",
    "器维修",
    "机装配",
    "仪装配",
    "锁装配",
    "器装配",
    "制作师",
    "拍摄师",
    "运营师",
    "导航应用",
    "测量",
];

fn is_craft(behind: &str) -> bool {
    CRAFTS.iter().any(|craft| behind.starts_with(craft))
}

/// What only says what is to be done with something: with a forbidden word it is no everyday word.
const ASKING: [&str; 24] = [
    "现场", "工作", "活动", "上传", "提交", "附", "报送", "数量", "张数", "次数", "份数", "篇数", "页数",
    "数", "量", "记录", "材料", "资料", "情况", "表", "册", "台账", "每日", "日常",
];

/// `[innocent]` names everyday words that contain a forbidden one, and not the forbidden ones themselves.
pub(super) fn innocents(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.innocent else { return };
    for (at, shown) in item.value.words.iter().enumerate() {
        let mut rest = even(shown);
        let named = CORE.iter().filter(|word| !word.scored_only && !word.plain.is_empty());
        let Some(word) = named.filter(|word| rest.contains(&word.plain)).max_by_key(|word| word.plain.len())
        else {
            continue;
        };
        rest = rest.replace(&word.plain, "");
        for asking in ASKING {
            rest = rest.replace(asking, "");
        }
        if rest.is_empty() {
            let help = format!("依据{}，内置的禁项不能改为日常用语，请删除这个词", word.rule);
            problems.push(item.problem(&format!("words.{at}"), format!("“{shown}”本身就是减负禁项"), help));
        }
    }
}

/// What of a sentence does not speak of what is not done.
fn asking(sentence: &str) -> String {
    let parts = sentence.split_inclusive(['。', '；', '，', '、', '（', '）', '：', ',', ';']);
    parts.filter(|part| !denies(part)).collect()
}

/// Whether a part of a sentence speaks of what is not done.
fn denies(part: &str) -> bool {
    // 不少于三张 and 免费 deny nothing.
    const ONLY_LOOKS: [&str; 16] = [
        "不少于",
        "不低于",
        "不得少于",
        "不得低于",
        "不应少于",
        "不应低于",
        "必不可少",
        "不可缺",
        "不得缺",
        "不能缺",
        "不能没有",
        "不断",
        "不仅",
        "不但",
        "免费",
        "非常",
    ];
    let part = ONLY_LOOKS.iter().fold(part.to_owned(), |part, word| part.replace(word, ""));
    ["不", "无需", "无须", "免", "勿", "非", "取代", "代替", "减少"].iter().any(|word| part.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn core() -> Words {
        Words::of(&RawProgramme::default())
    }

    fn forbidden(texts: &[&str]) -> Found {
        core().forbidden(texts)
    }

    fn unscorable(texts: &[&str]) -> Found {
        core().unscorable(texts)
    }

    fn ranks_people(texts: &[&str]) -> Found {
        core().ranks_people(texts)
    }

    #[test]
    fn no_way_of_writing_leads_around_a_word() {
        for label in [
            "照 片",
            "照-片",
            "照\u{200b}片",
            "照・片",
            "ＧＰＳ坐标",
            "簽到表",
            "積分",
            "媒體報導",
            "ph\u{43e}to",
            "PHOTO_2",
            "打　卡",
            "定．位",
            "心得 体会",
            "⽂件份数",
        ] {
            assert!(forbidden(&[label]).is_some(), "{label}");
        }
    }

    #[test]
    fn a_sentence_that_asks_for_nothing_forbidden_is_fine() {
        assert!(core().asked_in("请上传现场照片").is_some());
        assert!(core().asked_in("每条请附材料一份").is_some());
        assert!(core().asked_in("只填人次，不要照片和签到表。").is_none());
    }

    #[test]
    fn english_words_are_those_of_an_id() {
        for id in ["photo-1", "site_photos", "checkin", "check_in", "gps", "media-reports", "attachments"] {
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
