//! The words under which pages tell what the log and `access.toml` keep by their short names.

/// Everything that leaves a leaf. A test reads the sources and fails on an action without a name.
pub const ACTIONS: &[(&str, &str)] = &[
    ("session.open", "登录"),
    ("session.refuse", "口令输错"),
    ("session.close", "退出"),
    ("session.seat", "切换单位"),
    ("account.create", "新建账号"),
    ("account.role", "增加角色"),
    ("account.role_remove", "取消角色"),
    ("account.password", "修改口令"),
    ("account.reset", "重置口令"),
    ("account.disable", "停用账号"),
    ("account.enable", "恢复账号"),
    ("account.lock", "锁定账号"),
    ("account.unlock", "解除锁定"),
    ("registry.found", "建立省市县机构"),
    ("registry.school", "登记院校"),
    ("registry.import", "导入院校名录"),
    ("registry.flag", "设定院校标记"),
    ("registry.place", "补记区划位置"),
    ("registry.category", "设定专业大类或当地产业"),
    ("registry.lineage", "登记院校沿革"),
    ("person.post", "登记人员任职"),
    ("person.leave", "登记离任"),
    ("pairing.import", "导入结对表"),
    ("pairing.make", "建立结对"),
    ("pairing.end", "终止结对"),
    ("demo.make", "生成示例数据"),
    ("matching_scenario.make", "新建结对方案"),
    ("matching_scenario.weights", "调整方案权重"),
    ("matching_scenario.stance", "改变县级院校的参加方式"),
    ("matching_scenario.choose", "人工指定、锁定或排除一对"),
    ("matching_scenario.lift", "取消一项人工决定"),
    ("matching_scenario.limit", "调整院校名额"),
    ("matching_scenario.refresh", "方案改用最新数据"),
    ("matching_scenario.drop", "搁置结对方案"),
    ("matching_scenario.publish", "公布结对方案"),
    ("matching_wish.write", "登记结对意愿"),
    ("matching_wish.end", "终止结对意愿"),
    ("need.write", "提出需求"),
    ("need.edit", "修改需求"),
    ("need.move", "调整需求顺序"),
    ("need.close", "需求办结"),
    ("need.drop", "撤下需求"),
    ("need.reopen", "恢复需求"),
    ("capacity.write", "写明帮扶能力"),
    ("capacity.edit", "修改帮扶能力"),
    ("capacity.end", "停用帮扶能力"),
    ("agreement.record", "登记协议"),
    ("agreement.edit", "修改登记的协议"),
    ("agreement.agree", "确认协议"),
    ("agreement.send_back", "退回协议"),
    ("agreement.sign", "协议三方确认"),
    ("agreement.withdraw", "撤回登记的协议"),
    ("school_plan.begin", "起草方案"),
    ("school_plan.edit", "修改方案"),
    ("school_plan.propose", "方案征求同意"),
    ("school_plan.agree", "同意方案"),
    ("school_plan.send_back", "退回方案"),
    ("school_plan.settle", "方案生效"),
    ("project_list.begin", "开始拟项目清单"),
    ("project_list.submit", "项目清单征求同意"),
    ("project_list.recall", "收回项目清单"),
    ("project_list.agree", "同意项目清单"),
    ("project_list.send_back", "退回项目清单"),
    ("project_list.comment", "对项目清单提意见"),
    ("project_list.return", "备案退回项目清单"),
    ("project_list.file", "项目清单备案"),
    ("project.add", "增加项目"),
    ("project.edit", "修改项目"),
    ("project.remove", "删去项目"),
    ("project.restore", "恢复项目"),
    ("project.close", "项目结项"),
    ("entry.claim", "登记台账"),
    ("entry.confirm", "确认台账"),
    ("entry.part", "部分确认台账"),
    ("entry.dispute", "对台账提出异议"),
    ("entry.settle", "裁定台账"),
    ("entry.take_back", "撤销对台账的答复"),
    ("entry.correct", "更正台账"),
    ("entry.accept", "接受对方意见"),
    ("entry.withdraw", "撤回台账"),
    ("complaint.write", "提投诉建议"),
    ("complaint.answer", "答复投诉建议"),
    ("complaint.mark", "写明投诉建议引起的改动"),
    ("complaint.judge", "对答复表态"),
    ("major.import", "导入专业目录"),
    ("school_major.add", "登记开设的专业"),
    ("school_major.edit", "修改开设的专业"),
    ("school_major.year", "填报专业年度数字"),
    ("industry_demand.write", "填报产业用工需求"),
];

const THINGS: &[(&str, &str)] = &[
    ("desk", "工作台"),
    ("programme", "方案"),
    ("registry", "院校库"),
    ("org", "院校或机构"),
    ("division", "行政区划"),
    ("person", "人员任职"),
    ("pairing", "结对"),
    ("matching", "结对方案"),
    ("matching_scenario", "结对方案"),
    ("matching_result", "方案结果"),
    ("matching_wish", "结对意愿"),
    ("need", "需求"),
    ("capacity", "帮扶能力"),
    ("agreement", "协议"),
    ("school_plan", "一校一策方案"),
    ("project_list", "项目清单"),
    ("project", "协作项目"),
    ("entry", "台账"),
    ("clock", "履约时钟"),
    ("indicator", "指标"),
    ("account", "账号"),
    ("access", "权限表"),
    ("lockout", "账号锁定"),
    ("audit", "审计日志"),
    ("import", "导入的文件"),
    ("setting", "系统设置"),
    ("complaint", "投诉建议"),
    ("burden", "填报负担"),
    ("major", "专业布局"),
    ("school_major", "学校专业"),
    ("industry_demand", "产业用工需求"),
];

const RIGHTS: &[(&str, &str)] = &[
    ("read", "查看"),
    ("import", "导入"),
    ("edit", "维护"),
    ("end", "终止"),
    ("claim", "登记"),
    ("record", "登记协议"),
    ("draft", "起草"),
    ("comment", "提意见"),
    ("file", "备案"),
    ("close", "结项"),
    ("answer", "答复"),
    ("settle", "裁定"),
    ("manage", "管理"),
    ("clear", "解除"),
    ("verify", "核验"),
    ("create", "提出"),
    ("demand", "填报产业用工需求"),
];

/// Who acts where nobody is signed in: jobs by their short names, as `Who::system` has them.
const JOBS: &[(&str, &str)] = &[
    ("user", "命令行：新建账号"),
    ("import", "命令行：导入"),
    ("found", "系统：初次建立"),
    ("demo", "系统：生成示例"),
    ("公众", "未登录的人"),
];

fn among(words: &[(&str, &'static str)], id: &str) -> &'static str {
    words.iter().find(|(key, _)| *key == id).map_or("", |(_, name)| name)
}

/// The Chinese name of an action in the log, "" where it has none.
pub fn action_name(id: &str) -> &'static str {
    among(ACTIONS, id)
}

pub fn job_name(id: &str) -> &'static str {
    among(JOBS, id)
}

pub fn thing_name(id: &str) -> &'static str {
    among(THINGS, id)
}

pub fn right_name(id: &str) -> &'static str {
    among(RIGHTS, id)
}
