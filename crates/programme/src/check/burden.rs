//! What burden-relief rules forbid is impossible here (mission map, principle 8): a programme that asks for it does
//! not load. The two rules are 《整治形式主义为基层减负若干规定》(2024) and 国办函〔2026〕12号 (2026).

use crate::doc::Item;
use crate::fields::Field;
use crate::model::{Activity, Calendar};
use crate::problem::Problem;

const MINIMUM_NOTICE: u32 = 5;

const RELIEF: &str = "《整治形式主义为基层减负若干规定》";
const APPS: &str = "国办函〔2026〕12号";

/// Words that may not stand in a mandatory field, with the rule that says so.
const FORBIDDEN: [(&str, &[&str]); 2] = [
    (
        RELIEF,
        &[
            "照片",
            "拍照",
            "留痕",
            "图片",
            "photo",
            "picture",
            "学习笔记",
            "笔记",
            "study-notes",
            "study_notes",
            "媒体",
            "报道",
            "刊发",
            "media",
            "批示",
            "remark",
            "会议次数",
            "会议数",
            "开会",
            "发文",
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
            "check_in",
            "checkin",
            "sign-in",
            "sign_in",
            "在线时长",
            "在线时间",
            "online-time",
            "online_time",
            "登录次数",
            "login",
            "积分",
            "上传视频",
            "视频上传",
        ],
    ),
];

/// Everyday words that contain a forbidden one by chance.
const INNOCENT: [&str; 7] = ["多媒体", "multimedia", "笔记本", "办学定位", "专业定位", "开发文", "公开会"];

/// Beside the mandatory ones: what may carry no points and no weight (mission map, principle 8), whatever it is called.
const NEVER_SCORED: [&str; 12] = [
    "会议",
    "发文",
    "文件数",
    "宣传",
    "转发",
    "点赞",
    "排名",
    "名次",
    "位次",
    "ranking",
    "meeting",
    "document",
];

/// No deadline may come at shorter notice than five working days.
pub(super) fn notice(item: &Item<'_, Calendar>, problems: &mut Vec<Problem>) {
    if item.value.minimum_notice_workdays < MINIMUM_NOTICE {
        problems.push(item.problem(
            "minimum_notice_workdays",
            format!("最短提前量少于{MINIMUM_NOTICE}个工作日"),
            format!("基层减负要求给足时间，请改为{MINIMUM_NOTICE}或更多（依据：{RELIEF}）"),
        ));
    }
}

/// Mandatory fields with forbidden content, and the same thing asked twice.
pub(super) fn fields(item: &Item<'_, Activity>, problems: &mut Vec<Problem>) {
    let activity = &item.value;
    for (at, field) in activity.fields.iter().enumerate() {
        if field.required
            && let Some((word, rule)) = forbidden(&[&field.id, &field.label])
        {
            problems.push(refusal(item, &format!("field.{at}.label"), &field.label, word, rule));
        }
        repeated(item, at, field, problems);
    }
    // The quantity is always mandatory.
    if let Some((word, rule)) = forbidden(&[&activity.quantity_label]) {
        problems.push(refusal(item, "quantity_label", &activity.quantity_label, word, rule));
    }
}

/// A thing that carries points.
pub(super) fn scored<T>(item: &Item<'_, T>, texts: &[&str], problems: &mut Vec<Problem>) {
    let lower = texts.join(" ").to_lowercase();
    let never = NEVER_SCORED.iter().find(|word| lower.contains(**word)).map(|word| (*word, RELIEF));
    if let Some((word, rule)) = forbidden(texts).or(never) {
        let help = format!("依据{rule}，这类内容不得计分、加权或排名；请删去这个分项");
        problems.push(item.problem("name", format!("计分触及减负禁项（{word}）"), help));
    }
}

fn forbidden(texts: &[&str]) -> Option<(&'static str, &'static str)> {
    let lower = INNOCENT.iter().fold(texts.join(" ").to_lowercase(), |text, word| text.replace(word, " "));
    FORBIDDEN
        .iter()
        .flat_map(|(rule, words)| words.iter().map(move |word| (*word, *rule)))
        .find(|(word, _)| lower.contains(word))
}

fn refusal(item: &Item<'_, Activity>, path: &str, label: &str, word: &str, rule: &str) -> Problem {
    item.problem(
        path,
        format!("必填项“{label}”触及减负禁项（{word}）"),
        format!("依据{rule}，这类内容不得强制填报；请删去此项，确有需要的改为选填（required = false）"),
    )
}

fn repeated(item: &Item<'_, Activity>, at: usize, field: &Field, problems: &mut Vec<Problem>) {
    let activity = &item.value;
    let earlier = &activity.fields[..at];
    let help = "同一内容只问一次，请删去其中一项（减负原则：不重复填报）";
    if earlier.iter().any(|other| other.id == field.id) {
        problems.push(item.problem(&format!("field.{at}.id"), format!("栏目“{}”重复", field.id), help));
    }
    let label = field.label.trim();
    let person = activity.person.as_ref().map(|person| person.label.trim());
    if earlier.iter().any(|other| other.label.trim() == label)
        || person == Some(label)
        || (!label.is_empty() && activity.quantity_label.trim() == label)
    {
        problems.push(item.problem(&format!("field.{at}.label"), format!("栏目“{label}”问了两次"), help));
    }
}
